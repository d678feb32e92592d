// Checkpoint files: what is written is read again, and nothing else is.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "agent/checkpoint/checkpoint.h"
#include "agent/checkpoint/format.h"

namespace quanta {
namespace {

using ::testing::HasSubstr;

Checkpoint sample() {
  Checkpoint checkpoint;
  checkpoint.layout = 0x1122334455667788;
  checkpoint.written = 1'700'000'000;
  checkpoint.add("config", "reward: {}\n");
  checkpoint.add("empty", "");
  checkpoint.add("weights", std::string(20'000, 'w') + std::string("\0\1\2", 3));
  return checkpoint;
}

std::string encoded() {
  return encode_checkpoint(sample()).value();
}

TEST(CheckpointFormat, ReadsWhatItWrote) {
  const Result<Checkpoint> read = decode_checkpoint(encoded());
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(*read, sample());
  EXPECT_EQ(*read->find("config"), "reward: {}\n");
  EXPECT_EQ(read->find("confi"), nullptr);
}

TEST(CheckpointFormat, EveryTruncationIsRefused) {
  const std::string bytes = encoded();
  for (size_t n = 0; n < bytes.size(); ++n) {
    EXPECT_FALSE(decode_checkpoint(bytes.substr(0, n))) << n;
  }
}

TEST(CheckpointFormat, EveryChangedBitIsRefused) {
  const std::string bytes = encoded();
  for (size_t i = 0; i < bytes.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string changed = bytes;
      changed[i] = static_cast<char>(changed[i] ^ (1 << bit));
      const Result<Checkpoint> read = decode_checkpoint(changed);
      ASSERT_FALSE(read) << "byte " << i << " bit " << bit;
      EXPECT_EQ(read.error().message.find('\n'), std::string::npos);
    }
  }
}

TEST(CheckpointFormat, WhatFollowsTheEndIsRefused) {
  const Result<Checkpoint> read = decode_checkpoint(encoded() + "x");
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().message, HasSubstr("something follows"));
}

TEST(CheckpointFormat, AnotherVersionIsNamed) {
  std::string bytes = encoded();
  bytes[checkpoint_format::kMagic.size()] = 7;
  const Result<Checkpoint> read = decode_checkpoint(bytes);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().message, "of format version 7, expected 1");
}

TEST(CheckpointFormat, OtherFilesAreNotCheckpoints) {
  for (const char* bytes : {"", "QUANTA", "reward: {}", "QUANTATR0123456789"}) {
    const Result<Checkpoint> read = decode_checkpoint(bytes);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().message, "not a checkpoint of Quanta");
  }
}

TEST(CheckpointFormat, WhatCannotBeReadAgainIsNotWritten) {
  for (const char* name : {"", "sixteen_bytes_it", "two\nlines", "Upper"}) {
    Checkpoint checkpoint;
    checkpoint.add(name, "");
    EXPECT_FALSE(encode_checkpoint(checkpoint)) << name;
  }
  Checkpoint twice;
  twice.add("a", "1");
  twice.add("a", "1");
  EXPECT_FALSE(encode_checkpoint(twice));
  Checkpoint many;
  for (size_t i = 0; i <= checkpoint_format::kMaxSections; ++i)
    many.add(std::string(1, static_cast<char>('a' + i)), "");
  EXPECT_FALSE(encode_checkpoint(many));
}

}  // namespace
}  // namespace quanta
