#include "agent/metrics/unix_socket.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <cerrno>
#include <cstring>

namespace quanta {
namespace {

// 0 if somebody accepts connections at `path`, else why not.
int try_connect(const std::string& path) {
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return errno;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof(address.sun_path) - 1);
  const bool connected =
      connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
  const int error = connected ? 0 : errno;
  close(fd);
  return error;
}

}  // namespace

Status remove_stale_socket(const std::string& path) {
  struct stat found{};
  if (lstat(path.c_str(), &found) != 0) return {};  // binding says what else may be wrong
  if (!S_ISSOCK(found.st_mode)) return fail("the file exists and is not a socket");
  if (try_connect(path) != ECONNREFUSED) return fail("the socket is in use");
  if (unlink(path.c_str()) != 0) {
    return fail(fmt::format("a stale socket cannot be removed: {}", std::strerror(errno)));
  }
  return {};
}

SocketFile::SocketFile(std::string path) : path_(std::move(path)) {
  struct stat found{};
  if (stat(path_.c_str(), &found) == 0) inode_ = found.st_ino;
}

SocketFile::~SocketFile() {
  struct stat found{};
  if (stat(path_.c_str(), &found) == 0 && found.st_ino == inode_) unlink(path_.c_str());
}

}  // namespace quanta
