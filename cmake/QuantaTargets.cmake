# Options and the three functions with which every folder declares what it builds.
option(QUANTA_TESTS "Build the tests" ON)
option(QUANTA_BENCH "Build the benchmarks" OFF)
option(QUANTA_FUZZ "Build the fuzzers (clang only)" OFF)
option(QUANTA_LEARNER "Build the learner (needs libtorch)" ON)
set(QUANTA_SANITIZE "" CACHE STRING "Sanitizers: address,undefined or thread")

find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
add_library(quanta_warnings INTERFACE)
target_include_directories(quanta_warnings INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_options(quanta_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Werror
                                                 -fno-omit-frame-pointer -fvisibility=hidden)
add_library(quanta_flags INTERFACE)
target_link_libraries(quanta_flags INTERFACE quanta_warnings fmt::fmt Threads::Threads)
if(QUANTA_SANITIZE)
  # GCC's warning misfires on instrumented code.
  add_compile_options($<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
  add_compile_options(-fsanitize=${QUANTA_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${QUANTA_SANITIZE})
endif()
if(QUANTA_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all)
  add_link_options(-fsanitize=address,undefined)
endif()

# quanta_library(NAME SOURCES... [LINK LIBS...]): a static library of one folder.
function(quanta_library name)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  add_library(${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
  set_target_properties(${name} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  target_link_libraries(${name} PUBLIC quanta_flags ${ARG_LINK})
endfunction()

# quanta_scalar(NAME...): members that are written one by one are read so, too. Read in pairs, as a
# vector, they would have to wait until the writes have left the store buffer.
function(quanta_scalar)
  foreach(name IN LISTS ARGN)
    target_compile_options(${name} PRIVATE -fno-tree-slp-vectorize)
  endforeach()
endfunction()

# quanta_test(NAME SOURCES... [LINK LIBS...] [LABELS ...]): a GoogleTest program run by ctest.
function(quanta_test name)
  cmake_parse_arguments(ARG "" "" "LINK;LABELS" ${ARGN})
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE quanta_flags ${ARG_LINK} GTest::gmock GTest::gtest_main)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  target_compile_definitions(${name} PRIVATE QUANTA_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
                                             QUANTA_BINARY_DIR="${CMAKE_BINARY_DIR}")
  add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY ${CMAKE_BINARY_DIR})
  set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT 300)
endfunction()

# quanta_fuzzer(NAME SOURCES... [LINK LIBS...]): a libFuzzer program, replayed on its corpus by ctest.
function(quanta_fuzzer name)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  if(NOT QUANTA_FUZZ)
    return()
  endif()
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE quanta_flags ${ARG_LINK})
  target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/fuzz)
endfunction()
