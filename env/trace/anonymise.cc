#include "env/trace/anonymise.h"

#include <fmt/format.h>

#include <map>

namespace quanta {
namespace {

template <class T>
class Numbers {
 public:
  size_t of(const T& value) {
    return numbers_.try_emplace(value, numbers_.size() + 1).first->second;
  }

 private:
  std::map<T, size_t> numbers_;
};

}  // namespace

void anonymise(Trace& trace) {
  Numbers<std::string> names;
  Numbers<uint32_t> uids;
  Numbers<uint64_t> cgroups;
  for (TraceTask& task : trace.tasks) {
    for (std::string& name : task.names) name = fmt::format("task-{}", names.of(name));
    task.uid = static_cast<uint32_t>(uids.of(task.uid));
    if (task.cgroup != 0) task.cgroup = cgroups.of(task.cgroup);
  }
  trace.anonymised = true;
}

}  // namespace quanta
