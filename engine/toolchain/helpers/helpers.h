/*
 * What the helper functions share. Each stands for an operator or an import of the program and is exported under its
 * name. Every executed instruction is a line of the trace: short paths matter more here than elsewhere. Memory is the
 * program's, so nothing of a helper may lie there; what must outlive a call is kept in cells (globals that the
 * toolchain adds).
 */
#ifndef HELPERS_H
#define HELPERS_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned u32;
typedef int s32;
typedef unsigned long long u64;
typedef long long s64;

/* Words at any address: wasm allows unaligned access. */
typedef u32 __attribute__((aligned(1), may_alias)) word;
typedef u64 __attribute__((aligned(1), may_alias)) wide_word;

#define EXPORT(name) __attribute__((export_name(name)))
#define MACHINE(name) __attribute__((import_module("machine"), import_name(name)))
#define INLINE static inline __attribute__((always_inline))

/* A cell: state that outlives a call. */
#define CELL(name) \
  MACHINE("cell " #name) u32 get_##name(void); \
  MACHINE("set " #name) void set_##name(u32 value);

INLINE word *at(u32 address) { return (word *)address; }

/* One instruction: the quotient of high * 2^32 + low by divisor, where high < divisor. Traps when it is 0. */
MACHINE("divlu") u32 divlu(u32 high, u32 low, u32 divisor);

MACHINE("trap overflow") _Noreturn void trap_overflow(void);
MACHINE("trap divide by zero") _Noreturn void trap_divide_by_zero(void);
MACHINE("trap invalid conversion") _Noreturn void trap_invalid_conversion(void);
MACHINE("trap out of bounds") _Noreturn void trap_out_of_bounds(void);

INLINE u32 clz64(u64 value) { return __builtin_clzll(value); }
#endif
