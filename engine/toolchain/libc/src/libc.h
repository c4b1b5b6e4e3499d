/*
 * What the library's own files share. The library is compiled without built-in knowledge of its functions and keeps
 * each function in a section of its own, so that a program contains only what it calls; division of 64 bits and
 * floats, which take many instructions, are used only where they are asked for. Every executed instruction is a line
 * of the trace: short paths matter more here than elsewhere.
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
typedef unsigned long long __attribute__((aligned(1), may_alias)) wide_word;

struct __stepformer_file {
  int pushed; /* byte given back by ungetc plus 1; 0: none */
  int ended;  /* the end of input was met */
};

/* Functions to call at exit, set by atexit; null when there are none. */
extern void (*__stepformer_at_exit)(void);
#endif
