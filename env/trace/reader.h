// Trace from file (FORMAT.md). Thread-safe; cold path.
//
// Takes any bytes: what is corrupt, truncated, of another version, over the format's caps or not a
// valid trace comes back as one line, with memory bounded by the caps in format.h.
#pragma once

#include <string>
#include <string_view>

#include "env/base/result.h"
#include "env/trace/trace.h"

namespace quanta {

Result<Trace> decode_trace(std::string_view bytes);

// As decode_trace(), the error led by the file's name.
Result<Trace> read_trace(const std::string& file);

}  // namespace quanta
