#include "agent/metrics/page.h"

#include <fmt/format.h>

#include <random>
#include <string>
#include <string_view>

#include "agent/metrics/build_info.h"

namespace quanta {
namespace {

void replace_all(std::string& text, std::string_view mark, std::string_view by) {
  for (size_t at = 0; (at = text.find(mark, at)) != std::string::npos; at += by.size()) {
    text.replace(at, mark.size(), by);
  }
}

// 128 random bits: what runs on the page is what was served, not what a label's value says.
std::string make_nonce() {
  std::random_device device;
  std::string nonce;
  for (int i = 0; i < 4; ++i) nonce += fmt::format("{:08x}", device());
  return nonce;
}

}  // namespace

void serve_page(httplib::Server& server) {
  server.Get("/", [](const httplib::Request&, httplib::Response& response) {
    const std::string nonce = make_nonce();
    std::string page = kPageText;
    replace_all(page, "NONCE", nonce);
    replace_all(page, "VERSION", version());
    response.set_header("Content-Security-Policy",
                        fmt::format("default-src 'none'; script-src 'nonce-{0}'; "
                                    "style-src 'nonce-{0}'; connect-src 'self'; img-src data:; "
                                    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
                                    nonce));
    response.set_header("X-Content-Type-Options", "nosniff");
    response.set_header("Referrer-Policy", "no-referrer");
    response.set_header("Cache-Control", "no-store");
    response.set_content(page, "text/html; charset=utf-8");
  });
}

}  // namespace quanta
