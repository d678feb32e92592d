// Saves and restores plain state as bytes: class members list themselves once, in
//     template <class Archive> void state(Archive& archive) { archive(a_, b_); }
// Values and vectors of trivially copyable types are copied as they are: the bytes are for the same
// build on the same kind of machine (a checkpoint says which). A loader never reads past its input
// and never allocates more than the input holds; ok() tells whether everything fitted.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

namespace quanta {

template <class T, class A>
concept HasState = requires(T& t, A& a) { t.state(a); };

class StateSaver {
 public:
  static constexpr bool kLoading = false;

  template <class... T>
  void operator()(T&... values) {
    (one(values), ...);
  }
  std::string take() { return std::move(bytes_); }

 private:
  template <class T>
  void one(T& value) {
    if constexpr (HasState<T, StateSaver>) {
      value.state(*this);
    } else {
      static_assert(std::is_trivially_copyable_v<T>);
      bytes_.append(reinterpret_cast<const char*>(&value), sizeof(T));
    }
  }
  template <class T>
  void one(std::vector<T>& values) {
    uint64_t n = values.size();
    one(n);
    if constexpr (HasState<T, StateSaver>) {
      for (T& v : values) v.state(*this);
    } else {
      static_assert(std::is_trivially_copyable_v<T>);
      bytes_.append(reinterpret_cast<const char*>(values.data()), n * sizeof(T));
    }
  }

  std::string bytes_;
};

class StateLoader {
 public:
  static constexpr bool kLoading = true;

  explicit StateLoader(std::span<const char> bytes) : bytes_(bytes) {}

  template <class... T>
  void operator()(T&... values) {
    (one(values), ...);
  }
  // Everything was read and nothing is left over.
  bool ok() const { return ok_ && bytes_.empty(); }

 private:
  template <class T>
  void one(T& value) {
    if constexpr (HasState<T, StateLoader>) {
      value.state(*this);
    } else {
      static_assert(std::is_trivially_copyable_v<T>);
      copy(&value, sizeof(T));
    }
  }
  template <class T>
  void one(std::vector<T>& values) {
    uint64_t n = 0;
    one(n);
    if (!ok_ || n > bytes_.size()) {
      ok_ = false;
      return;
    }
    if constexpr (HasState<T, StateLoader>) {
      values.resize(n);
      for (T& v : values) v.state(*this);
    } else {
      static_assert(std::is_trivially_copyable_v<T>);
      if (n * sizeof(T) > bytes_.size()) {
        ok_ = false;
        return;
      }
      values.resize(n);
      copy(values.data(), n * sizeof(T));
    }
  }
  void copy(void* to, size_t n) {
    if (!ok_ || n > bytes_.size()) {
      ok_ = false;
      return;
    }
    if (n > 0) std::memcpy(to, bytes_.data(), n);
    bytes_ = bytes_.subspan(n);
  }

  std::span<const char> bytes_;
  bool ok_ = true;
};

}  // namespace quanta
