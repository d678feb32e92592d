find_program(QUANTA_BPF_CLANG NAMES clang-19 clang REQUIRED)
find_program(QUANTA_BPFTOOL NAMES bpftool PATHS /usr/sbin REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(LIBBPF REQUIRED IMPORTED_TARGET libbpf>=1.4)

if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|i.86)$")
  set(QUANTA_BPF_ARCH x86)
elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "^(aarch64|arm64)$")
  set(QUANTA_BPF_ARCH arm64)
else()
  set(QUANTA_BPF_ARCH ${CMAKE_SYSTEM_PROCESSOR})
endif()

# quanta_bpf_object(NAME FILE.bpf.c): compiles the program; the object's path is in NAME_object.
function(quanta_bpf_object name file)
  get_filename_component(source ${file} ABSOLUTE)
  set(object ${CMAKE_CURRENT_BINARY_DIR}/${name}.bpf.o)
  add_custom_command(
    OUTPUT ${object}
    COMMAND ${QUANTA_BPF_CLANG} -target bpf -mcpu=v3 -O2 -g -Wall -Wextra -Wno-unused-parameter
            -Werror -D__TARGET_ARCH_${QUANTA_BPF_ARCH}
            -isystem /usr/include/${CMAKE_LIBRARY_ARCHITECTURE}
            -ffile-prefix-map=${CMAKE_SOURCE_DIR}/= -MD -MF ${object}.d -c ${source} -o ${object}
    DEPENDS ${source} DEPFILE ${object}.d VERBATIM)
  set(${name}_object ${object} PARENT_SCOPE)
endfunction()

# quanta_embed(SOURCE MACRO NAME): SOURCE finds the path of quanta_bpf_object(NAME) in MACRO, and is
# compiled again when the object changes.
function(quanta_embed source macro name)
  set_source_files_properties(${source} PROPERTIES COMPILE_DEFINITIONS ${macro}="${${name}_object}"
                                                   OBJECT_DEPENDS ${${name}_object})
endfunction()

# quanta_bpf(NAME FILE.bpf.c): an interface target NAME with the program's skeleton as NAME.skel.h.
function(quanta_bpf name file)
  quanta_bpf_object(${name} ${file})
  set(object ${${name}_object})
  set(directory ${CMAKE_CURRENT_BINARY_DIR}/${name}_skeleton)
  set(skeleton ${directory}/${name}.skel.h)
  file(MAKE_DIRECTORY ${directory})
  # Whole or not at all, and not for clang-tidy.
  string(CONCAT write_skeleton "exec >\"$4.tmp\"; echo '// NOLINTBEGIN'; "
                "\"$1\" gen skeleton \"$2\" name \"$3\"; "
                "echo '// NOLINTEND'; mv \"$4.tmp\" \"$4\"")
  add_custom_command(
    OUTPUT ${skeleton}
    COMMAND sh -ec "${write_skeleton}"
            skeleton ${QUANTA_BPFTOOL} ${object} ${name} ${skeleton}
    DEPENDS ${object} VERBATIM)
  add_custom_target(${name}_skeleton DEPENDS ${skeleton})
  add_library(${name} INTERFACE)
  add_dependencies(${name} ${name}_skeleton)
  target_include_directories(${name} SYSTEM INTERFACE ${directory})
  target_link_libraries(${name} INTERFACE PkgConfig::LIBBPF)
endfunction()
