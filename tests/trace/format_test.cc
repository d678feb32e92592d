#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>
#include <zstd.h>

#include <boost/crc.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>

#include "env/trace/format.h"
#include "env/trace/reader.h"
#include "env/trace/varint.h"
#include "env/trace/writer.h"
#include "tests/trace/sample.h"

namespace quanta {
namespace {

using ::testing::HasSubstr;
using namespace trace_format;

void expect_equal(const Trace& a, const Trace& b) {
  EXPECT_EQ(a.duration, b.duration);
  EXPECT_EQ(a.cpus, b.cpus);
  EXPECT_EQ(a.anonymised, b.anonymised);
  EXPECT_EQ(a.lost_events, b.lost_events);
  ASSERT_EQ(a.tasks.size(), b.tasks.size());
  for (size_t i = 0; i < a.tasks.size(); ++i) {
    const TraceTask& x = a.tasks[i];
    const TraceTask& y = b.tasks[i];
    EXPECT_EQ(x.names, y.names);
    EXPECT_EQ(x.process, y.process);
    EXPECT_EQ(x.nice, y.nice);
    EXPECT_EQ(x.uid, y.uid);
    EXPECT_EQ(x.cgroup, y.cgroup);
    EXPECT_EQ(x.kernel_thread, y.kernel_thread);
    EXPECT_EQ(x.start, y.start);
    EXPECT_EQ(x.forked, y.forked);
    ASSERT_EQ(x.ops.size(), y.ops.size());
    for (size_t j = 0; j < x.ops.size(); ++j) {
      EXPECT_EQ(x.ops[j].kind, y.ops[j].kind);
      EXPECT_EQ(x.ops[j].value, y.ops[j].value);
    }
  }
}

// A file around `content` whose checksum is right: what a hostile writer can make.
std::string file_of(const std::string& content, uint64_t stated_size) {
  std::string frame(ZSTD_compressBound(content.size()), '\0');
  frame.resize(ZSTD_compress(frame.data(), frame.size(), content.data(), content.size(), 1));
  std::string checked;
  put_fixed(checked, stated_size, 8);
  checked += frame;
  boost::crc_32_type crc;
  crc.process_bytes(checked.data(), checked.size());
  std::string file{kMagic};
  put_fixed(file, kVersion, 4);
  put_fixed(file, crc.checksum(), 4);
  return file + checked;
}

std::string varints(std::initializer_list<uint64_t> values) {
  std::string out;
  for (const uint64_t value : values) put_varint(out, value);
  return out;
}

std::string refusal(const Result<Trace>& result) {
  return result ? "accepted" : result.error().message;
}

TEST(TraceFile, RoundTripsEveryField) {
  for (const bool anonymised : {false, true}) {
    Trace trace = sample_trace();
    trace.anonymised = anonymised;
    const Result<std::string> bytes = encode_trace(trace);
    ASSERT_TRUE(bytes) << bytes.error().message;
    const Result<Trace> back = decode_trace(*bytes);
    ASSERT_TRUE(back) << back.error().message;
    expect_equal(trace, *back);
  }
}

TEST(TraceFile, RefusesEveryTruncation) {
  const std::string bytes = *encode_trace(sample_trace());
  for (size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(decode_trace(std::string_view(bytes).substr(0, size))) << size;
}

TEST(TraceFile, RefusesEveryFlippedByteAndBit) {
  const std::string bytes = *encode_trace(sample_trace());
  for (size_t at = 0; at < bytes.size(); ++at) {
    for (const int mask : {1, 2, 4, 8, 16, 32, 64, 128, 255}) {
      std::string flipped = bytes;
      flipped[at] = static_cast<char>(flipped[at] ^ mask);
      EXPECT_FALSE(decode_trace(flipped)) << at << " ^ " << mask;
    }
  }
}

TEST(TraceFile, RefusesTrailingBytes) {
  EXPECT_FALSE(decode_trace(*encode_trace(sample_trace()) + "x"));
  EXPECT_THAT(refusal(decode_trace(file_of(varints({1, 1, 0, 0, 0, 0, 0}), 7))),
              HasSubstr("1 bytes too many"));
}

TEST(TraceFile, NamesTheVersionItCannotRead) {
  std::string bytes = *encode_trace(sample_trace());
  bytes[kVersionAt] = 2;
  EXPECT_THAT(refusal(decode_trace(bytes)), HasSubstr("trace version 2"));
}

TEST(TraceFile, RefusesHostileContentWithAMatchingChecksum) {
  const std::string no_names = varints({1, 1, 0, 0, 0});
  const std::string one_task = varints({9, 1, 0, 0, 1, 1}) + "a" + varints({1, 0, 0, 0, 0}) +
                               std::string(8, '\0') + varints({0, 1, 0});
  struct Case {
    std::string content;
    const char* message;
  };
  const Case cases[] = {
      {"", "at the start"},
      {varints({1, 4097, 0, 0, 0, 0}), "at the start"},
      {varints({1, 1, 2, 0, 0, 0}), "at the start"},
      {varints({1, 0, 0, 0, 0, 0}), "cpus"},
      {varints({kMaxDuration + 1, 1, 0, 0, 0, 0}), "duration"},
      {varints({1, 1, 0, 0, 1ULL << 60}), "names: cut short"},
      {varints({1, 1, 0, 0, 1, 16}) + std::string(16, 'a'), "longer than 15"},
      {no_names + varints({1ULL << 60}), "tasks: cut short"},
      {no_names + varints({kMaxTasks + 1}) + std::string(kMaxTasks + 9, '\0'), "tasks: expected"},
      {no_names + varints({1, 4}) + std::string(20, '\0'), "unknown flags"},
      {one_task + varints({1ULL << 50}), "steps: cut short"},
      {one_task + varints({1}), "steps: cut short"},
      {one_task + varints({1, 10 << 3 | 0}), "longer than the recording"},
      {one_task + varints({1, 1 << 3 | 3}), "names task 1"},
      {one_task + varints({1, 1 << 3 | 5}), "names task 1"},
      {one_task + varints({1, 1 << 3 | 2}), "a value where none belongs"},
      {one_task + varints({2, 7, 7}), "after its exit"},
      {one_task + varints({1, 6}), "1 names, but 2"},
      {one_task + varints({1, 0 << 3 | 5}), "the reverse"},
      {one_task + std::string("\x80\x00", 2), "steps: cut short"},
  };
  for (const Case& c : cases) {
    const std::string got = refusal(decode_trace(file_of(c.content, c.content.size())));
    EXPECT_THAT(got, HasSubstr(c.message));
    EXPECT_EQ(got.find('\n'), std::string::npos);
  }
}

TEST(TraceFile, RefusesAContentSizeThatIsNotTheTrueOne) {
  const std::string content = varints({1, 1, 0, 0, 0, 0});
  ASSERT_TRUE(decode_trace(file_of(content, content.size())));
  EXPECT_THAT(refusal(decode_trace(file_of(content, content.size() - 1))), HasSubstr("one zstd"));
  EXPECT_THAT(refusal(decode_trace(file_of(content, content.size() + 1))), HasSubstr("one zstd"));
  EXPECT_THAT(refusal(decode_trace(file_of(content, kMaxContent + 1))), HasSubstr("at most"));
  EXPECT_THAT(refusal(decode_trace(file_of(content, UINT64_MAX))), HasSubstr("at most"));
}

TEST(TraceFile, WriterRefusesWhatTheReaderWould) {
  const std::pair<const char*, std::function<void(Trace&)>> cases[] = {
      {"cpus", [](Trace& t) { t.cpus = 0; }},
      {"task 0: process 3", [](Trace& t) { t.tasks[0].process = 3; }},
      {"task 1: nice 20", [](Trace& t) { t.tasks[1].nice = 20; }},
      {"1 to 15 bytes", [](Trace& t) { t.tasks[2].names[0] = "sixteen-letters!"; }},
      {"1 to 15 bytes", [](Trace& t) { t.tasks[2].names[0].clear(); }},
      {"a second time", [](Trace& t) { t.tasks[2].ops.push_back({TraceOpKind::kFork, 1}); }},
      {"task 2: marked as forked", [](Trace& t) { t.tasks[2].forked = true; }},
      {"starts after", [](Trace& t) { t.tasks[2].start = t.duration + 1; }},
  };
  for (const auto& [message, spoil] : cases) {
    Trace trace = sample_trace();
    spoil(trace);
    const Result<std::string> bytes = encode_trace(trace);
    EXPECT_THAT(bytes ? "accepted" : bytes.error().message, HasSubstr(message));
  }
}

class TraceFileOnDisk : public ::testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(directory_); }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  const std::filesystem::path directory_ =
      std::filesystem::path(::testing::TempDir()) / fmt::format("trace-{}", ::getpid());
};

TEST_F(TraceFileOnDisk, WritesWholeFilesAndLeavesNothingBeside) {
  const std::string file = directory_ / "a.trace";
  const Result<uint64_t> size = write_trace(sample_trace(), file);
  ASSERT_TRUE(size) << size.error().message;
  EXPECT_EQ(std::filesystem::file_size(file), *size);
  const Result<Trace> back = read_trace(file);
  ASSERT_TRUE(back) << back.error().message;
  expect_equal(sample_trace(), *back);
  const auto entries = std::filesystem::directory_iterator(directory_);
  EXPECT_EQ(std::distance(begin(entries), end(entries)), 1);
}

TEST_F(TraceFileOnDisk, AFailedWriteNamesTheFileAndKeepsTheOldOne) {
  const std::string file = directory_ / "a.trace";
  ASSERT_TRUE(write_trace(sample_trace(), file));
  Trace bad = sample_trace();
  bad.cpus = 0;
  EXPECT_THAT(write_trace(bad, file).error().message, HasSubstr("a.trace: cpus"));
  EXPECT_TRUE(read_trace(file));
  EXPECT_THAT(write_trace(sample_trace(), directory_ / "none" / "b").error().message,
              HasSubstr("none/b: cannot be written: No such file"));
}

TEST_F(TraceFileOnDisk, AnUnreadableFileIsOneLineWithItsName) {
  const std::string text = directory_ / "text";
  std::ofstream(text) << "tasks: 3";
  std::ofstream(directory_ / "empty").flush();
  EXPECT_THAT(refusal(read_trace(text)), HasSubstr("text: not a Quanta trace"));
  EXPECT_THAT(refusal(read_trace(directory_ / "empty")), HasSubstr("empty: not a Quanta trace"));
  EXPECT_THAT(refusal(read_trace(directory_ / "none")), HasSubstr("none: cannot be read: No such"));
  EXPECT_THAT(refusal(read_trace(directory_)), HasSubstr("cannot be read"));
  EXPECT_THAT(refusal(read_trace("/dev/zero")), HasSubstr("/dev/zero: cannot be read"));
}

}  // namespace
}  // namespace quanta
