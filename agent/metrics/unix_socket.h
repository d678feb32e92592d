// The file of a listening Unix socket: made free before binding, removed afterwards. Cold path
// only.
#pragma once

#include <sys/types.h>
#include <string>

#include "env/base/result.h"

namespace quanta {

// Removes a socket file that nobody listens on any more. An error, and nothing touched, if somebody
// does or if the file is not a socket.
Status remove_stale_socket(const std::string& path);

// Removes the socket file at destruction, if it still is the one that was there at construction.
class SocketFile {
 public:
  explicit SocketFile(std::string path);
  ~SocketFile();
  SocketFile(const SocketFile&) = delete;
  SocketFile& operator=(const SocketFile&) = delete;

 private:
  std::string path_;
  ino_t inode_ = 0;
};

}  // namespace quanta
