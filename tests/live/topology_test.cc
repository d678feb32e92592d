#include "env/live/topology.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace quanta {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(CpuList, IsReadAsTheKernelWritesIt) {
  EXPECT_THAT(parse_cpu_list("0-3,7"), ElementsAre(0, 1, 2, 3, 7));
  EXPECT_THAT(parse_cpu_list("5"), ElementsAre(5));
  for (const char* wrong : {"", "x", "3-1", "1,", "0-", "1;2", "-1"}) {
    EXPECT_THAT(parse_cpu_list(wrong), ::testing::AnyOf(IsEmpty(), ElementsAre(1))) << wrong;
  }
}

// A sysfs of the test's own.
class Sysfs : public ::testing::Test {
 protected:
  Sysfs() {
    std::string name = fs::temp_directory_path() / "quanta-sysfs-XXXXXX";
    root = mkdtemp(name.data());
  }
  ~Sysfs() override { fs::remove_all(root); }

  void write(const std::string& file, const std::string& text) const {
    const fs::path path = root / "devices/system/cpu" / file;
    fs::create_directories(path.parent_path());
    std::ofstream(path) << text << '\n';
  }
  void cache(int cpu, int index, int level, const std::string& shared) const {
    const std::string at = "cpu" + std::to_string(cpu) + "/cache/index" + std::to_string(index);
    write(at + "/level", std::to_string(level));
    write(at + "/shared_cpu_list", shared);
  }

  fs::path root;
};

TEST_F(Sysfs, CpusThatShareTheLastLevelAreADomain) {
  write("possible", "0-5");
  write("online", "0-2,4");
  for (const int cpu : {0, 1, 2, 4}) {
    cache(cpu, 0, 1, std::to_string(cpu));
    cache(cpu, 1, 3, cpu < 2 ? "0-1" : "2-5");
  }
  const Result<Topology> topology = read_topology(root);
  ASSERT_TRUE(topology);
  EXPECT_EQ(topology->possible, 6);
  EXPECT_EQ(topology->domains, 2);
  EXPECT_THAT(topology->online, ElementsAre(0, 1, 2, 4));
  EXPECT_THAT(topology->domain, ElementsAre(0, 0, 1, 0, 1, 0));  // offline ones in 0
}

TEST_F(Sysfs, WithoutCachesAllAreOneDomain) {
  write("possible", "0-3");
  write("online", "0-3");
  const Result<Topology> topology = read_topology(root);
  ASSERT_TRUE(topology);
  EXPECT_EQ(topology->domains, 1);
  EXPECT_THAT(topology->domain, ElementsAre(0, 0, 0, 0));
}

TEST_F(Sysfs, ThatDoesNotListCpusIsAnError) {
  EXPECT_THAT(read_topology(root).error().message, ::testing::HasSubstr("does not list the CPUs"));
}

TEST(Topology, OfThisMachineHasEveryCpuInADomain) {
  const Result<Topology> topology = read_topology();
  ASSERT_TRUE(topology);
  ASSERT_GE(topology->domains, 1);
  for (const int cpu : topology->online) {
    ASSERT_LT(cpu, topology->possible);
    EXPECT_LT(topology->domain[static_cast<size_t>(cpu)], topology->domains);
  }
}

}  // namespace
}  // namespace quanta
