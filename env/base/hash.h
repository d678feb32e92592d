// FNV-1a (Fowler, Noll, Vo): a stable, simple hash for names; not for hostile keys.
#pragma once

#include <cstdint>
#include <string_view>

namespace quanta {

constexpr uint64_t fnv1a64(std::string_view bytes, uint64_t h = 0xcbf29ce484222325ULL) {
  for (const char c : bytes) {
    h ^= static_cast<uint8_t>(c);
    h *= 0x100000001b3ULL;
  }
  return h;
}

}  // namespace quanta
