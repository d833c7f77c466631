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
find_program(FO_DPKG_QUERY dpkg-query)
if(FO_DPKG_QUERY)
  execute_process(COMMAND ${FO_DPKG_QUERY} -W -f "\${Version}" libevent-dev
                  OUTPUT_VARIABLE FO_LIBEVENT_PACKAGE ERROR_QUIET RESULT_VARIABLE FO_LIBEVENT_RC)
  if(FO_LIBEVENT_RC EQUAL 0)
    execute_process(COMMAND dpkg --compare-versions "${FO_LIBEVENT_PACKAGE}" lt 2.1.12-stable-8+deb12u1
                    RESULT_VARIABLE FO_LIBEVENT_OLD)
    if(FO_LIBEVENT_OLD EQUAL 0)
      message(WARNING "libevent ${FO_LIBEVENT_PACKAGE} is older than Debian's security release "
                      "2.1.12-stable-8+deb12u1; upgrade libevent-dev")
    endif()
  endif()
else()
  message(WARNING "cannot tell whether this libevent carries the fixes of Debian's "
                  "2.1.12-stable-8+deb12u1")
endif()
