/*
 * What the library's own files share. They take the place of functions of wasi-libc where that makes traces shorter,
 * and are compiled with its headers, without built-in knowledge of its functions. Each function lies in a section of its
 * own, so that a program contains only what it calls. Every executed instruction is a line of the trace: short paths
 * matter more here than elsewhere.
 */
#ifndef LIBC_H
#define LIBC_H
#include <stddef.h>

/* The only imports: one byte of output, or of the output for errors; one byte of input, -1 at the end. */
__attribute__((import_module("stepformer"), import_name("write_byte"))) void __stepformer_write_byte(int byte);
__attribute__((import_module("stepformer"), import_name("write_error"))) void __stepformer_write_error(int byte);
__attribute__((import_module("stepformer"), import_name("read_byte"))) int __stepformer_read_byte(void);

/* Words at any address: wasm allows unaligned access. */
typedef unsigned __attribute__((aligned(1), may_alias)) word;
#endif
