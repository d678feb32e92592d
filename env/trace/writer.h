// Trace to file (FORMAT.md). Thread-safe; cold path.
#pragma once

#include <string>

#include "env/base/result.h"
#include "env/trace/trace.h"

namespace quanta {

// The file's bytes. Refuses what validate() refuses and what is over the format's caps.
Result<std::string> encode_trace(const Trace& trace);

// Written beside `file`, synced and renamed: `file` is whole or untouched. Returns the size in
// bytes.
Result<uint64_t> write_trace(const Trace& trace, const std::string& file);

}  // namespace quanta
