#include "env/trace/writer.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include <boost/crc.hpp>
#include <cerrno>
#include <cstring>
#include <map>

#include "env/trace/format.h"
#include "env/trace/validate.h"
#include "env/trace/varint.h"

namespace quanta {
namespace {

using namespace trace_format;

constexpr int kCompressionLevel = 19;

// Numbers the distinct names in order of first use.
std::map<std::string, uint64_t> number_names(const Trace& trace, std::string& table) {
  std::map<std::string, uint64_t> numbers;
  for (const TraceTask& task : trace.tasks) {
    for (const std::string& name : task.names) {
      if (!numbers.emplace(name, numbers.size()).second) continue;
      put_varint(table, name.size());
      table += name;
    }
  }
  return numbers;
}

void put_task(std::string& out, const TraceTask& task,
              const std::map<std::string, uint64_t>& numbers) {
  put_varint(out, (task.kernel_thread ? kTaskKernelThread : 0) | (task.forked ? kTaskForked : 0));
  put_varint(out, task.process);
  put_varint(out, zigzag(task.nice));
  put_varint(out, task.uid);
  put_fixed(out, task.cgroup, 8);
  put_varint(out, task.start);
  put_varint(out, task.names.size());
  for (const std::string& name : task.names) put_varint(out, numbers.at(name));
  put_varint(out, task.ops.size());
  for (const TraceOp& op : task.ops)
    put_varint(out, op.value << kKindBits | static_cast<uint64_t>(op.kind));
}

std::string content_of(const Trace& trace) {
  std::string table;
  const auto numbers = number_names(trace, table);
  std::string out;
  put_varint(out, trace.duration);
  put_varint(out, trace.cpus);
  put_varint(out, trace.anonymised ? kFileAnonymised : 0);
  put_varint(out, trace.lost_events);
  put_varint(out, numbers.size());
  out += table;
  put_varint(out, trace.tasks.size());
  for (const TraceTask& task : trace.tasks) put_task(out, task, numbers);
  return out;
}

Status check_caps(const Trace& trace) {
  uint64_t names = 0;
  uint64_t ops = 0;
  for (const TraceTask& task : trace.tasks) {
    names += task.names.size();
    ops += task.ops.size();
  }
  if (names > kMaxNames) return fail(fmt::format("expected at most {} names", kMaxNames));
  if (ops > kMaxOps) return fail(fmt::format("expected at most {} steps, got {}", kMaxOps, ops));
  return {};
}

Status write_and_sync(int fd, const std::string& bytes) {
  size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t n = ::write(fd, bytes.data() + done, bytes.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail(std::strerror(errno));
    done += static_cast<size_t>(n);
  }
  // EPERM: a sandbox that forbids fsync; the rename still keeps the file whole for every reader.
  if (::fsync(fd) != 0 && errno != EPERM && errno != EINVAL) return fail(std::strerror(errno));
  return {};
}

}  // namespace

Result<std::string> encode_trace(const Trace& trace) {
  if (Status s = validate(trace); !s) return tl::unexpected(s.error());
  if (Status s = check_caps(trace); !s) return tl::unexpected(s.error());
  const std::string content = content_of(trace);
  if (content.size() > kMaxContent)
    return fail(fmt::format("expected at most {} bytes of content", kMaxContent));

  std::string frame(ZSTD_compressBound(content.size()), '\0');
  const size_t size =
      ZSTD_compress(frame.data(), frame.size(), content.data(), content.size(), kCompressionLevel);
  if (ZSTD_isError(size)) return fail(ZSTD_getErrorName(size));
  frame.resize(size);

  std::string checked;
  put_fixed(checked, content.size(), 8);
  checked += frame;
  boost::crc_32_type crc;
  crc.process_bytes(checked.data(), checked.size());

  std::string out{kMagic};
  put_fixed(out, kVersion, 4);
  put_fixed(out, crc.checksum(), 4);
  return out + checked;
}

Result<uint64_t> write_trace(const Trace& trace, const std::string& file) {
  Result<std::string> bytes = encode_trace(trace);
  if (!bytes) return fail(fmt::format("{}: {}", file, bytes.error().message));
  std::string temporary = file + ".XXXXXX";
  const int fd = ::mkostemp(temporary.data(), O_CLOEXEC);
  if (fd < 0) return fail(fmt::format("{}: cannot be written: {}", file, std::strerror(errno)));
  ::fchmod(fd, 0644);
  Status written = write_and_sync(fd, *bytes);
  ::close(fd);
  if (written && std::rename(temporary.c_str(), file.c_str()) != 0)
    written = fail(std::strerror(errno));
  if (!written) {
    ::unlink(temporary.c_str());
    return fail(fmt::format("{}: cannot be written: {}", file, written.error().message));
  }
  return bytes->size();
}

}  // namespace quanta
