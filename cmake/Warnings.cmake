# One interface target carries the house's compile settings; every room links it.
add_library(fo_settings INTERFACE)
target_include_directories(fo_settings INTERFACE
  $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}> $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}>)
target_compile_definitions(fo_settings INTERFACE _GNU_SOURCE)
target_compile_options(fo_settings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wstrict-prototypes
  -Wmissing-prototypes -Wpointer-arith -Wcast-qual -Wwrite-strings -Wundef -Wformat=2
  -Wvla -fno-common -fstack-protector-strong)
if(FO_WERROR)
  target_compile_options(fo_settings INTERFACE -Werror)
endif()
if(FO_SANITIZE)
  target_compile_options(fo_settings INTERFACE
    -fsanitize=${FO_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(fo_settings INTERFACE -fsanitize=${FO_SANITIZE})
endif()
if(FO_COVERAGE)
  target_compile_options(fo_settings INTERFACE --coverage -fprofile-update=atomic)
  target_link_options(fo_settings INTERFACE --coverage)
endif()
if(FO_FUZZ)
  target_compile_definitions(fo_settings INTERFACE FO_SMALL_LIMITS)
  # Tracing every comparison costs as much as the engine does, and scripts have no magic numbers;
  # memcmp and strcmp are seen without it. clang warns where gcc does not: in generated
  # initialisers, of formats handed on.
  target_compile_options(fo_settings INTERFACE
    -fsanitize=fuzzer-no-link -fno-sanitize-coverage=trace-cmp,indirect-calls
    -Wno-cast-qual -Wno-format-nonliteral)
endif()
