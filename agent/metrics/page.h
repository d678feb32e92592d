// The web page that draws the metrics: page/index.html, embedded by the build. It loads nothing
// from elsewhere, and its headers forbid it.
#pragma once

#include <httplib.h>

namespace quanta {

// With NONCE and VERSION to be filled in.
extern const char* const kPageText;

// Serves it at `/`; it reads /metrics of the same server.
void serve_page(httplib::Server& server);

}  // namespace quanta
