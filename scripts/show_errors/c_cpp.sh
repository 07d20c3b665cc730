#: c_cpp.header-missing with gcc
printf '#include <zlibb.h>\nint main(void) { return 0; }\n' > shop.c; gcc shop.c
#: c_cpp.undefined-reference with gcc
printf 'int total(int);\nint main(void) { return total(1); }\n' > shop.c; gcc shop.c
#: c_cpp.no-main with gcc
printf 'int total(int a) { return a; }\n' > shop.c; gcc shop.c
#: c_cpp.multiple-definition with gcc
printf 'int total = 1;\n' > a.c; printf 'int total = 2;\nint main(void) { return 0; }\n' > b.c; gcc a.c b.c
#: c_cpp.library-missing with gcc
printf 'int main(void) { return 0; }\n' > shop.c; gcc shop.c -lshopdb
#: c_cpp.undeclared with gcc
printf 'int main(void) { return totl; }\n' > shop.c; gcc shop.c
#: c_cpp.not-declared with g++
printf 'int main() { return totl(1); }\n' > shop.cpp; g++ shop.cpp
#: c_cpp.implicit-declaration with gcc
printf 'int main(void) { return total(1); }\n' > shop.c; gcc -Werror shop.c
#: c_cpp.warning-as-error with gcc
printf 'int main(void) { int a; return 0; }\n' > shop.c; gcc -Wall -Werror shop.c
#: c_cpp.no-member with g++
printf 'struct Cart { int items; };\nint main() { Cart c; return c.itms; }\n' > shop.cpp; g++ shop.cpp
#: c_cpp.not-in-namespace with g++
printf '#include <string>\nint main() { std::vector<int> a; }\n' > shop.cpp; g++ shop.cpp
#: c_cpp.unknown-type with g++
printf 'Cart c;\nint main() {}\n' > shop.cpp; g++ shop.cpp
#: c_cpp.expected-token with gcc
printf 'int main(void) { int a = 1 return a; }\n' > shop.c; gcc shop.c
#: c_cpp.argument-count with gcc
printf 'int ship(int w) { return w; }\nint main(void) { return ship(1, 2); }\n' > shop.c; gcc shop.c
#: c_cpp.cmake-package with cmake
printf 'cmake_minimum_required(VERSION 3.20)\nproject(shop C)\nfind_package(ShopDB REQUIRED)\n' > CMakeLists.txt; cmake -B build
#: c_cpp.cmake-find-handle with cmake
printf 'cmake_minimum_required(VERSION 3.20)\nproject(shop C)\nfind_package(Protobuf REQUIRED)\n' > CMakeLists.txt; cmake -B build
#: c_cpp.cmake-too-old with cmake
printf 'cmake_minimum_required(VERSION 3.99)\nproject(shop C)\n' > CMakeLists.txt; cmake -B build
#: c_cpp.cmake-no-source with cmake
cmake -S . -B build
#: c_cpp.cmake-source-missing with cmake
printf 'cmake_minimum_required(VERSION 3.20)\nproject(shop C)\nadd_executable(shop shop.c)\n' > CMakeLists.txt; cmake -B build
#: c_cpp.cmake-no-compiler with cmake
printf 'cmake_minimum_required(VERSION 3.20)\nproject(shop C)\n' > CMakeLists.txt; CC=shop-cc cmake -B build
#: c_cpp.cmake-cache-moved with cmake
mkdir a; printf 'cmake_minimum_required(VERSION 3.20)\nproject(shop C)\n' > a/CMakeLists.txt; cmake -S a -B a/build >/dev/null; mv a b; cmake --build b/build
#: c_cpp.cmake-unknown-command with cmake
printf 'cmake_minimum_required(VERSION 3.20)\nproject(shop C)\nadd_shop(a)\n' > CMakeLists.txt; cmake -B build
#: c_cpp.make-no-rule with make
make install-shop
#: c_cpp.make-no-makefile with make
make
#: c_cpp.make-separator with make
printf 'all:\n    echo a\n' > Makefile; make
#: c_cpp.make-tool-missing with make
printf 'all:\n\tshop-lint src\n' > Makefile; make
#: c_cpp.pkg-config with pkg-config
pkg-config --exists --print-errors shopdb
#: c_cpp.segfault with gcc
printf '#include <stdlib.h>\nint main(void) { int *a = getenv("SHOP_NONE"); return *a; }\n' > shop.c; gcc -w -g shop.c -o shop; bash -c './shop; exit $?'
#: c_cpp.asan with gcc
printf '#include <stdlib.h>\nint main(void) { int *a = malloc(4); free(a); return a[0]; }\n' > shop.c; gcc -w -g -fsanitize=address shop.c -o shop; ./shop
#: c_cpp.asan-leak with gcc
printf '#include <stdlib.h>\nint main(void) { volatile char *a = malloc(4); a = 0; return 0; }\n' > shop.c; gcc -w -g -fsanitize=address shop.c -o shop; ./shop
#: c_cpp.ubsan with gcc
printf '#include <limits.h>\nint main(int n, char **v) { int a = INT_MAX; a += n; return 0; }\n' > shop.c; gcc -w -g -fsanitize=undefined shop.c -o shop; ./shop
#: c_cpp.assert with gcc
printf '#include <assert.h>\nint main(void) { assert(1 + 1 == 3); }\n' > shop.c; gcc shop.c -o shop; ./shop
#: c_cpp.double-free with gcc
printf '#include <stdlib.h>\nint main(void) { char *a = malloc(4); free(a); free(a); }\n' > shop.c; gcc -w shop.c -o shop; ./shop
#: c_cpp.shared-library with gcc
printf 'int total(void) { return 0; }\n' > t.c; gcc -shared -fPIC t.c -o libshopdb.so; printf 'int total(void);\nint main(void) { return total(); }\n' > shop.c; gcc shop.c -o shop -L. -lshopdb; ./shop
#: c_cpp.uncaught with g++
printf '#include <stdexcept>\nint main() { throw std::runtime_error("no price"); }\n' > shop.cpp; g++ shop.cpp -o shop; ./shop
#: c_cpp.pic with gcc
printf 'int v; int total(void) { return v; }\n' > t.c; gcc -fno-pic -c t.c; gcc -shared t.o -o libt.so
