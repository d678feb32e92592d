// A served set of metrics and clients for it, shared by the exposer's tests.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <httplib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <thread>

#include "agent/metrics/exposer.h"
#include "agent/metrics/metrics.h"

namespace quanta {

struct Agent {
  HotMetrics hot;
  Metrics metrics{BuildInfo{.env = "sim"}, hot};
};

// A folder of the test's own, removed with all that is in it.
class TempFolder {
 public:
  TempFolder() {
    std::string name = std::filesystem::temp_directory_path() / "quanta-XXXXXX";
    path_ = mkdtemp(name.data());
  }
  ~TempFolder() { std::filesystem::remove_all(path_); }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  std::string operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

// That nobody listens on.
inline int free_port() {
  Agent agent;
  return Exposer::open({"127.0.0.1:0"}, agent.metrics).value()->port();
}

inline httplib::Client tcp_client(int port) {
  return httplib::Client("127.0.0.1", port);
}

inline httplib::Client unix_client(const std::string& path) {
  httplib::Client client(path, 80);
  client.set_address_family(AF_UNIX);
  client.set_default_headers({{"Host", "localhost"}});
  return client;
}

// A connected socket, to send what no HTTP client would.
class RawClient {
 public:
  explicit RawClient(uint16_t port) : fd_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof(to)) == 0;
  }
  ~RawClient() { close(fd_); }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  bool connected() const { return connected_; }
  void send(const std::string& bytes) const {
    ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }
  // All that comes until the server closes.
  std::string receive_all() const {
    std::string all;
    char part[4096];
    for (ssize_t n; (n = recv(fd_, part, sizeof(part), 0)) > 0;) {
      all.append(part, static_cast<size_t>(n));
    }
    return all;
  }
  // Drops the connection with a reset instead of an orderly end.
  void reset() const {
    const linger now{1, 0};
    setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
  }

 private:
  int fd_;
  bool connected_;
};

// Polls until `done`, for as long as a loaded machine may reasonably need.
inline bool eventually(const std::function<bool()>& done) {
  for (int i = 0; i < 1200; ++i) {
    if (done()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  return false;
}

inline bool answers(httplib::Client client) {
  const httplib::Result result = client.Get("/metrics");
  return result && result->status == 200 &&
         result->body.find("quanta_build_info{") != std::string::npos;
}

}  // namespace quanta
