# What leaves the build: libfo, which is the rooms from proto/ to fo/run/ as one library, with the
# one header a host reads; the programs; and what an operator starts from.
include(CMakePackageConfigHelpers)

set(FO_LIBRARY_OBJECTS $<TARGET_OBJECTS:fo_proto> $<TARGET_OBJECTS:fo_state>
                       $<TARGET_OBJECTS:fo_core> $<TARGET_OBJECTS:fo_run>)
set(FO_LIBRARY_NEEDS PkgConfig::LMDB PkgConfig::LIBEVENT PkgConfig::OPENSSL Threads::Threads)
# fo/fo.h and what it includes. They include each other from the root, so they keep their folders.
set(FO_PUBLIC_HEADERS fo/fo.h proto/api.h proto/err.h proto/types.h)
set(FO_INCLUDE_DIR ${CMAKE_INSTALL_INCLUDEDIR}/fo)

add_library(fo SHARED ${FO_LIBRARY_OBJECTS})
target_link_libraries(fo PRIVATE $<BUILD_INTERFACE:fo_settings> ${FO_LIBRARY_NEEDS})
set_target_properties(fo PROPERTIES LINKER_LANGUAGE C VERSION ${PROJECT_VERSION}
                      SOVERSION ${PROJECT_VERSION_MAJOR})
if(NOT FO_SANITIZE) # the sanitizers leave their own symbols to the program
  target_link_options(fo PRIVATE LINKER:--no-undefined)
endif()

add_library(fo_static STATIC ${FO_LIBRARY_OBJECTS})
target_link_libraries(fo_static INTERFACE ${FO_LIBRARY_NEEDS})
set_target_properties(fo_static PROPERTIES LINKER_LANGUAGE C OUTPUT_NAME fo)

# libfodhcpsapi: Microsoft's calls, with what they need of mgmt/ and proto/. Its header is found as
# <dhcpsapi.h>, as on Windows.
set(FO_DHCPSAPI_OBJECTS $<TARGET_OBJECTS:fo_dhcpsapi> $<TARGET_OBJECTS:fo_mgmt_client>
                        $<TARGET_OBJECTS:fo_mgmt_proto> $<TARGET_OBJECTS:fo_proto>)
set(FO_DHCPSAPI_NEEDS PkgConfig::PROTOBUF_C PkgConfig::OPENSSL)
set(FO_DHCPSAPI_HEADERS mgmt/dhcpsapi/types.h mgmt/dhcpsapi/lease_calls.h mgmt/dhcpsapi/scope_calls.h
                        mgmt/dhcpsapi/v6_calls.h mgmt/dhcpsapi/later_calls.h proto/win32.h)
add_library(fodhcpsapi SHARED ${FO_DHCPSAPI_OBJECTS})
target_link_libraries(fodhcpsapi PRIVATE $<BUILD_INTERFACE:fo_settings> ${FO_DHCPSAPI_NEEDS})
set_target_properties(fodhcpsapi PROPERTIES LINKER_LANGUAGE C VERSION ${PROJECT_VERSION}
                      SOVERSION ${PROJECT_VERSION_MAJOR})
# libfo shows fo_strerror and kin; here they are ours alone.
target_link_options(fodhcpsapi PRIVATE
                    LINKER:--version-script=${PROJECT_SOURCE_DIR}/mgmt/dhcpsapi/exports.map)
add_library(fodhcpsapi_static STATIC ${FO_DHCPSAPI_OBJECTS})
target_link_libraries(fodhcpsapi_static INTERFACE ${FO_DHCPSAPI_NEEDS})
set_target_properties(fodhcpsapi_static PROPERTIES LINKER_LANGUAGE C OUTPUT_NAME fodhcpsapi)
install(TARGETS fodhcpsapi fodhcpsapi_static)
install(FILES mgmt/dhcpsapi.h DESTINATION ${FO_INCLUDE_DIR})
foreach(header ${FO_DHCPSAPI_HEADERS})
  get_filename_component(folder ${header} DIRECTORY)
  install(FILES ${header} DESTINATION ${FO_INCLUDE_DIR}/${folder})
endforeach()

foreach(library fo fo_static)
  target_include_directories(${library} INTERFACE $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>
                             $<INSTALL_INTERFACE:${FO_INCLUDE_DIR}>)
  add_library(fo::${library} ALIAS ${library})
endforeach()

# Two export sets: a host that links the shared library need not have what it stands on.
install(TARGETS fo EXPORT foTargets)
install(TARGETS fo_static EXPORT foStaticTargets)
foreach(header ${FO_PUBLIC_HEADERS})
  get_filename_component(folder ${header} DIRECTORY)
  install(FILES ${header} DESTINATION ${FO_INCLUDE_DIR}/${folder})
endforeach()

set(FO_CMAKE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/fo)
install(EXPORT foTargets NAMESPACE fo:: DESTINATION ${FO_CMAKE_DIR})
install(EXPORT foStaticTargets NAMESPACE fo:: DESTINATION ${FO_CMAKE_DIR})
configure_package_config_file(cmake/foConfig.cmake.in foConfig.cmake
                              INSTALL_DESTINATION ${FO_CMAKE_DIR})
write_basic_package_version_file(foConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/foConfig.cmake ${PROJECT_BINARY_DIR}/foConfigVersion.cmake
        DESTINATION ${FO_CMAKE_DIR})

# The .pc file finds its prefix from where it lies, so that a tree may be moved.
set(FO_PKGCONFIG_DIR ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
file(RELATIVE_PATH FO_PC_TO_PREFIX ${CMAKE_INSTALL_PREFIX}/${FO_PKGCONFIG_DIR}
     ${CMAKE_INSTALL_PREFIX})
string(REGEX REPLACE "/$" "" FO_PC_TO_PREFIX ${FO_PC_TO_PREFIX})
configure_file(cmake/fo.pc.in fo.pc @ONLY)
configure_file(cmake/fodhcpsapi.pc.in fodhcpsapi.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/fo.pc ${PROJECT_BINARY_DIR}/fodhcpsapi.pc DESTINATION ${FO_PKGCONFIG_DIR})

foreach(program foctl fobench fodump)
  if(TARGET ${program})
    install(TARGETS ${program} DESTINATION ${CMAKE_INSTALL_BINDIR})
  endif()
endforeach()
# Completion, as foctl itself prints it.
foreach(shell bash zsh)
  add_custom_command(
    OUTPUT foctl.${shell}
    COMMAND foctl completion ${shell} > foctl.${shell}
    DEPENDS foctl VERBATIM)
endforeach()
add_custom_target(completion ALL DEPENDS foctl.bash foctl.zsh)
install(FILES ${PROJECT_BINARY_DIR}/foctl.bash RENAME foctl
        DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${PROJECT_BINARY_DIR}/foctl.zsh RENAME _foctl
        DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
if(TARGET fod)
  install(TARGETS fod DESTINATION ${CMAKE_INSTALL_SBINDIR})
endif()

# Nothing is put into /etc: the sample configuration is documentation until somebody copies it.
install(FILES fo/daemon/fod.conf.example DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples RENAME fod.conf)
install(DIRECTORY examples/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples
        PATTERN CMakeLists.txt EXCLUDE)
install(FILES README.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
configure_file(cmake/fod.service.in fod.service @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/fod.service DESTINATION lib/systemd/system)
