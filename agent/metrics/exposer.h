// Serves metrics over HTTP for Prometheus: GET /metrics, text format 0.0.4, on TCP or a Unix
// socket; for people a page that draws them, GET /; and beside them what else a run has to show,
// each under a path of its own.
//
// Each connection serves one request and is dropped when it is silent for a second, so that a few
// stuck clients do not keep others out for long. Runs in threads of its own, ignores SIGPIPE for
// the process, never throws. The socket file is reachable by its owner; it is removed at
// destruction.
#pragma once

#include <prometheus/collectable.h>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "agent/metrics/metrics_config.h"
#include "env/base/result.h"

namespace quanta {

// What GET `path` gives. `content` is called by any number of the exposer's threads at a time; what
// it throws becomes status 500.
struct Page {
  std::string path;  // "/" takes the place of the built-in page
  std::string type;  // MIME
  std::function<std::string()> content;
};

class Exposer {
 public:
  // Serves `metrics` and what `pages` refer to, which outlive this, from now on. The error is one
  // line that names the address.
  static Result<std::unique_ptr<Exposer>> open(const MetricsConfig& config,
                                               const prometheus::Collectable& metrics,
                                               const std::vector<Page>& pages = {});

  // As open(), but metrics are not worth dying for: what fails becomes one warning in the log and
  // null, as does the address `none` without a warning.
  static std::unique_ptr<Exposer> open_or_warn(const MetricsConfig& config,
                                               const prometheus::Collectable& metrics,
                                               const std::vector<Page>& pages = {});

  ~Exposer();
  uint16_t port() const;  // the one that was bound; 0 on a Unix socket

 private:
  struct Impl;
  explicit Exposer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace quanta
