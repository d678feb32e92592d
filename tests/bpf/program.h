// BPF programs of the tests, loaded into the kernel that runs here and run by bpf_prog_test_run().
#pragma once

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>

namespace quanta::test {

class Program {
 public:
  explicit Program(const char* object) : object_(bpf_object__open_file(object, nullptr)) {
    if (object_ == nullptr) throw std::runtime_error(std::string("cannot open ") + object);
  }
  ~Program() { bpf_object__close(object_); }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  // Before load().
  void resize(const char* map, uint32_t entries) { bpf_map__set_max_entries(find(map), entries); }
  template <class T>
  T& initial(const char* map) {
    size_t size = 0;
    void* value = bpf_map__initial_value(find(map), &size);
    if (size != sizeof(T)) throw std::runtime_error(std::string("another size: ") + map);
    return *static_cast<T*>(value);
  }
  void load() {
    if (bpf_object__load(object_) != 0) throw std::runtime_error("the kernel refuses the programs");
  }

  // After load(). Mapped until the end of the process.
  template <class T>
  std::span<T> map(const char* name, size_t entries) {
    const auto page = static_cast<size_t>(::sysconf(_SC_PAGESIZE));
    void* at = ::mmap(nullptr, (entries * sizeof(T) + page - 1) / page * page,
                      PROT_READ | PROT_WRITE, MAP_SHARED, bpf_map__fd(find(name)), 0);
    if (at == MAP_FAILED) throw std::runtime_error(std::string("cannot map ") + name);
    return {static_cast<T*>(at), entries};
  }
  // Returns what the program returns, or a negative errno.
  template <class Context>
  int run(const char* name, Context& context) {
    bpf_program* program = bpf_object__find_program_by_name(object_, name);
    LIBBPF_OPTS(bpf_test_run_opts, options, .ctx_in = &context, .ctx_size_in = sizeof(context));
    const int error = bpf_prog_test_run_opts(bpf_program__fd(program), &options);
    return error != 0 ? error : static_cast<int>(options.retval);
  }

 private:
  bpf_map* find(const char* name) {
    bpf_map* map = bpf_object__find_map_by_name(object_, name);
    if (map == nullptr) throw std::runtime_error(std::string("no map ") + name);
    return map;
  }

  bpf_object* object_;
};

}  // namespace quanta::test
