# The libraries fo stands on (design: "Libraries rather than own code").
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
pkg_check_modules(LIBEVENT REQUIRED IMPORTED_TARGET libevent>=2.1.12 libevent_openssl libevent_pthreads)
pkg_check_modules(OPENSSL REQUIRED IMPORTED_TARGET openssl>=3.0)
pkg_check_modules(LMDB REQUIRED IMPORTED_TARGET lmdb)
pkg_check_modules(PROTOBUF_C REQUIRED IMPORTED_TARGET libprotobuf-c)
pkg_check_modules(CONFUSE REQUIRED IMPORTED_TARGET libconfuse)
pkg_check_modules(JANSSON REQUIRED IMPORTED_TARGET jansson)
pkg_check_modules(SMARTCOLS REQUIRED IMPORTED_TARGET smartcols)
pkg_check_modules(CAPNG REQUIRED IMPORTED_TARGET libcap-ng)
pkg_check_modules(SYSTEMD IMPORTED_TARGET libsystemd)
find_program(PROTOC_C protoc-c REQUIRED)

# Debian's security release of libevent fixes bugs that a network daemon meets. The upstream
# version number does not show it, so ask the package database where there is one.
set(FO_LIBEVENT_WANTED 2.1.12-stable-8+deb12u1)
find_program(FO_DPKG dpkg)
find_program(FO_DPKG_QUERY dpkg-query)
set(FO_LIBEVENT_PACKAGE "") # stays empty when nobody knows
if(FO_DPKG AND FO_DPKG_QUERY)
  execute_process(COMMAND ${FO_DPKG_QUERY} -W -f "\${Version}" libevent-dev
                  OUTPUT_VARIABLE FO_LIBEVENT_PACKAGE ERROR_QUIET)
endif()
if(FO_LIBEVENT_PACKAGE)
  execute_process(COMMAND ${FO_DPKG} --compare-versions ${FO_LIBEVENT_PACKAGE} lt
                          ${FO_LIBEVENT_WANTED}
                  RESULT_VARIABLE FO_LIBEVENT_IS_NEWER)
  if(FO_LIBEVENT_IS_NEWER EQUAL 0)
    message(WARNING "libevent ${FO_LIBEVENT_PACKAGE} is older than Debian's security release "
                    "${FO_LIBEVENT_WANTED}; upgrade libevent-dev")
  endif()
else()
  message(STATUS "libevent ${LIBEVENT_libevent_VERSION} is not from a Debian package: see that it "
                 "carries the fixes of ${FO_LIBEVENT_WANTED}")
endif()
