#include "agent/metrics/exposer.h"

#include <fmt/format.h>
#include <httplib.h>
#include <prometheus/text_serializer.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <optional>
#include <thread>

#include "agent/metrics/page.h"
#include "agent/metrics/unix_socket.h"

namespace quanta {
namespace {

constexpr size_t kThreads = 4;
constexpr std::chrono::seconds kSilence{1};
constexpr const char* kMetricsText = "text/plain; version=0.0.4; charset=utf-8";

// The library's default, SO_REUSEPORT, would let two programs share a port unnoticed.
void set_options(int socket) {
  const int yes = 1;
  setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
}

void set_up(httplib::Server& server, const prometheus::Collectable& metrics,
            const std::vector<Page>& pages) {
  server.new_task_queue = [] { return new httplib::ThreadPool(kThreads); };
  server.set_socket_options(set_options);
  server.set_read_timeout(kSilence);
  server.set_write_timeout(kSilence);
  server.set_keep_alive_timeout(kSilence.count());
  server.set_keep_alive_max_count(1);
  server.set_payload_max_length(0);
  server.Get("/metrics", [&metrics](const httplib::Request&, httplib::Response& response) {
    response.set_content(prometheus::TextSerializer().Serialize(metrics.Collect()), kMetricsText);
  });
  for (const Page& page : pages) {  // the first of two with one path is the one that answers
    server.Get(page.path, [page](const httplib::Request&, httplib::Response& response) {
      response.set_content(page.content(), page.type);
    });
  }
  serve_page(server);
}

}  // namespace

struct Exposer::Impl {
  httplib::Server server;
  std::optional<SocketFile> file;
  uint16_t port = 0;
  std::atomic<bool> ended{false};
  std::thread thread;

  Status bind(const Endpoint& endpoint) {
    errno = 0;
    int bound = -1;
    if (endpoint.kind == Endpoint::Kind::kUnix) {
      if (Status free = remove_stale_socket(endpoint.path); !free) return free;
      server.set_address_family(AF_UNIX);
      errno = 0;
      constexpr int kAnyPort = 1;  // means nothing here, but 0 would be looked up
      if (server.bind_to_port(endpoint.path, kAnyPort)) bound = 0;
      if (bound == 0) file.emplace(endpoint.path);
    } else if (endpoint.port == 0) {
      bound = server.bind_to_any_port(endpoint.host);
    } else if (server.bind_to_port(endpoint.host, endpoint.port)) {
      bound = endpoint.port;
    }
    if (bound < 0) return fail(errno != 0 ? std::strerror(errno) : "no such host");
    port = static_cast<uint16_t>(bound);
    return {};
  }

  // Returns when connections are accepted, or never will be.
  Status start() {
    try {
      thread = std::thread([this] { run(); });
    } catch (const std::system_error& e) {
      return fail(fmt::format("no thread: {}", e.what()));
    }
    while (!server.is_running() && !ended) std::this_thread::yield();
    return {};
  }

  void run() {
    try {
      server.listen_after_bind();
    } catch (const std::exception& e) {
      spdlog::warn("metrics are no longer served: {}", e.what());
    }
    ended = true;
  }

  ~Impl() {
    server.stop();
    if (thread.joinable()) thread.join();
  }
};

Exposer::Exposer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Exposer::~Exposer() = default;

uint16_t Exposer::port() const {
  return impl_->port;
}

Result<std::unique_ptr<Exposer>> Exposer::open(const MetricsConfig& config,
                                               const prometheus::Collectable& metrics,
                                               const std::vector<Page>& pages) {
  const auto failed = [&](const Error& error) {
    return fail(fmt::format("cannot serve metrics on '{}': {}", config.address, error.message));
  };
  const Result<Endpoint> endpoint = parse_endpoint(config.address);
  if (!endpoint) return failed(endpoint.error());
  if (endpoint->kind == Endpoint::Kind::kNone) return failed(Error{"that is no address"});

  auto impl = std::make_unique<Impl>();
  set_up(impl->server, metrics, pages);
  if (Status bound = impl->bind(*endpoint); !bound) return failed(bound.error());
  if (Status started = impl->start(); !started) return failed(started.error());
  return std::unique_ptr<Exposer>(new Exposer(std::move(impl)));
}

std::unique_ptr<Exposer> Exposer::open_or_warn(const MetricsConfig& config,
                                               const prometheus::Collectable& metrics,
                                               const std::vector<Page>& pages) {
  if (config.address == "none") return nullptr;
  Result<std::unique_ptr<Exposer>> exposer = open(config, metrics, pages);
  if (exposer) return *std::move(exposer);
  spdlog::warn("{}; going on without", exposer.error().message);
  return nullptr;
}

}  // namespace quanta
