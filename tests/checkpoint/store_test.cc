// The directory of checkpoints: numbers, how many are kept, and what a failed save leaves behind.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>

#include "agent/checkpoint/store.h"

namespace quanta {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Checkpoint with(const std::string& content) {
  Checkpoint checkpoint;
  checkpoint.add("content", content);
  return checkpoint;
}

class CheckpointStoreTest : public ::testing::Test {
 protected:
  CheckpointStoreTest() { fs::remove_all(directory_); }
  ~CheckpointStoreTest() override { fs::remove_all(directory_); }

  std::string path(const std::string& name) const { return directory_ + "/" + name; }
  size_t files() const {
    return static_cast<size_t>(
        std::distance(fs::directory_iterator(directory_), fs::directory_iterator()));
  }

  const std::string directory_ = testing::TempDir() + "store_test/" +
                                 testing::UnitTest::GetInstance()->current_test_info()->name();
};

TEST_F(CheckpointStoreTest, MakesItsDirectoryAndNumbersFiles) {
  CheckpointStore store(directory_, 5);
  EXPECT_THAT(list_checkpoints(directory_), IsEmpty());
  EXPECT_EQ(store.save(with("1")).value(), path("checkpoint-00000001.quanta"));
  EXPECT_EQ(store.save(with("2")).value(), path("checkpoint-00000002.quanta"));
  EXPECT_THAT(list_checkpoints(directory_),
              ElementsAre(path("checkpoint-00000002.quanta"), path("checkpoint-00000001.quanta")));
  EXPECT_EQ(*read_checkpoint(path("checkpoint-00000002.quanta")), with("2"));
}

TEST_F(CheckpointStoreTest, GoesOnNumberingWhereAnotherRunStopped) {
  ASSERT_TRUE(CheckpointStore(directory_, 5).save(with("1")));
  fs::rename(path("checkpoint-00000001.quanta"), path("checkpoint-123456789.quanta"));
  EXPECT_EQ(CheckpointStore(directory_, 5).save(with("2")).value(),
            path("checkpoint-123456790.quanta"));
}

TEST_F(CheckpointStoreTest, KeepsTheLast) {
  CheckpointStore store(directory_, 2);
  for (const char* content : {"1", "2", "3", "4"}) ASSERT_TRUE(store.save(with(content)));
  EXPECT_THAT(list_checkpoints(directory_),
              ElementsAre(path("checkpoint-00000004.quanta"), path("checkpoint-00000003.quanta")));
}

TEST_F(CheckpointStoreTest, LeavesOtherFilesAlone) {
  fs::create_directories(directory_);
  for (const char* name :
       {"checkpoint-1.txt", "checkpoint-.quanta", "notes", "checkpoint-x1.quanta"})
    std::ofstream(path(name)) << "mine";
  CheckpointStore store(directory_, 1);
  for (const char* content : {"1", "2"}) ASSERT_TRUE(store.save(with(content)));
  EXPECT_EQ(files(), 5U);
  EXPECT_THAT(list_checkpoints(directory_), ElementsAre(path("checkpoint-00000002.quanta")));
}

// A limit on the size of files fails a write in the middle, as a full disk does.
class SmallFiles {
 public:
  explicit SmallFiles(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit small{bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &small);
  }
  ~SmallFiles() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  SmallFiles(const SmallFiles&) = delete;
  SmallFiles& operator=(const SmallFiles&) = delete;

 private:
  rlimit before_{};
  void (*handler_)(int);
};

TEST_F(CheckpointStoreTest, AFailedSaveKeepsWhatWasThere) {
  CheckpointStore store(directory_, 1);
  ASSERT_TRUE(store.save(with("good")));
  {
    const SmallFiles limit(64);
    std::string noise;
    for (uint32_t i = 1, x = 1; i < 1000; ++i)
      noise.push_back(static_cast<char>((x *= 48271) >> 9));
    const Result<std::string> failed = store.save(with(noise));
    ASSERT_FALSE(failed);
    EXPECT_THAT(failed.error().message, HasSubstr("File too large"));
  }
  EXPECT_EQ(files(), 1U);  // nothing unfinished either
  EXPECT_EQ(*read_checkpoint(path("checkpoint-00000001.quanta")), with("good"));
  EXPECT_TRUE(store.save(with("next")));
}

TEST_F(CheckpointStoreTest, SaysWhichDirectoryCannotBeWritten) {
  fs::create_directories(fs::path(directory_).parent_path());
  std::ofstream(directory_) << "a file";
  const Result<std::string> failed = CheckpointStore(directory_, 1).save(with("1"));
  ASSERT_FALSE(failed);
  EXPECT_THAT(failed.error().message, HasSubstr(directory_ + ": no checkpoint can be saved: "));
}

TEST_F(CheckpointStoreTest, ReadErrorsNameTheFile) {
  EXPECT_EQ(read_checkpoint("/nowhere/c.quanta").error().message,
            "/nowhere/c.quanta: cannot be read: No such file or directory");
}

}  // namespace
}  // namespace quanta
