// Recoverable errors as values that cannot be ignored. Thread-safety: plain values.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace quanta {

// One line a person can act on: what is wrong, where, and what was expected.
struct Error {
  std::string message;
};

template <class T>
using Result = tl::expected<T, Error>;

using Status = Result<void>;

[[nodiscard]] inline tl::unexpected<Error> fail(std::string message) {
  return tl::unexpected<Error>(Error{std::move(message)});
}

}  // namespace quanta
