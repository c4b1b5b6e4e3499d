/*
 * Memory in blocks of fixed sizes: eight sizes per power of two, a list of free blocks for each. Both directions take
 * about twenty instructions whatever happened before. Blocks are never joined or split: a program that frees many
 * small blocks and then asks for large ones uses more memory than it must. Sixteen bytes before a block hold its
 * size; blocks are aligned to 16.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define HEADER 16
#define PAGE 65536u
#define MOST 0x70000000

struct block {
  unsigned size; /* whole block with header */
  struct block *next;
};

extern char __heap_base[];
static struct block *free_blocks[28 * 8];
static uintptr_t top;      /* first byte never used so far; 0: not started */
static uintptr_t mapped;   /* end of memory */

static __attribute__((noinline)) void *no_memory(void) {
  errno = ENOMEM;
  return NULL;
}

/* A block that was never used, of `total` bytes with its header. */
static inline void *fresh(unsigned total, size_t alignment) {
  if (!top) {
    top = ((uintptr_t)__heap_base + 15) & -16u;
    mapped = __builtin_wasm_memory_size(0) * PAGE;
  }
  unsigned gap = alignment > HEADER ? -(top + HEADER) & (alignment - 1) : 0;
  if (total + gap > mapped - top) {
    unsigned pages = (total + gap - (mapped - top) + PAGE - 1) / PAGE;
    if (__builtin_wasm_memory_grow(0, pages) == (size_t)-1) return no_memory();
    mapped += pages * PAGE;
  }
  struct block *block = (struct block *)(top + gap);
  top += total + gap;
  block->size = total;
  return (char *)block + HEADER;
}

/* The power of two that holds a size of block, as a shift to its eighths. */
static inline int shift_of(unsigned total) {
  int shift = 28 - __builtin_clz(total);
  return shift < 4 ? 4 : shift;
}

static inline unsigned total_of(size_t size) {
  unsigned total = size + HEADER;
  return total < 2 * HEADER ? 2 * HEADER : total;
}

void *malloc(size_t size) {
  if (size > MOST) return no_memory();
  unsigned total = total_of(size);
  int shift = shift_of(total);
  unsigned eighths = ((total - 1) >> shift) + 1;
  struct block **list = &free_blocks[shift * 8 + eighths - 8];
  struct block *block = *list;
  if (block) {
    *list = block->next;
    return (char *)block + HEADER;
  }
  return fresh(eighths << shift, HEADER);
}

void free(void *memory) {
  if (!memory) return;
  struct block *block = (struct block *)((char *)memory - HEADER);
  int shift = shift_of(block->size);
  struct block **list = &free_blocks[shift * 8 + (block->size >> shift) - 8];
  block->next = *list;
  *list = block;
}

void *calloc(size_t count, size_t size) {
  if (size && count > MOST / size) return no_memory();
  uintptr_t unused = top;
  void *memory = malloc(count * size);
  /* What was never used is zero already. */
  if (memory && (uintptr_t)memory < unused) memset(memory, 0, count * size);
  return memory;
}

void *realloc(void *memory, size_t size) {
  if (!memory) return malloc(size);
  unsigned room = ((struct block *)((char *)memory - HEADER))->size - HEADER;
  if (size <= room && size >= room / 2) return memory;
  void *copy = malloc(size);
  if (!copy) return NULL;
  memcpy(copy, memory, size < room ? size : room);
  free(memory);
  return copy;
}

/* Always a new block, behind a gap; once it is freed it is one like any other. */
void *aligned_alloc(size_t alignment, size_t size) {
  if (alignment & (alignment - 1)) {
    errno = EINVAL;
    return NULL;
  }
  if (alignment > MOST / 2 || size > MOST / 2) return no_memory();
  if (alignment <= HEADER) return malloc(size);
  unsigned total = total_of(size);
  int shift = shift_of(total);
  return fresh((((total - 1) >> shift) + 1) << shift, alignment);
}

int posix_memalign(void **to, size_t alignment, size_t size) {
  if (alignment < sizeof(void *) || alignment & (alignment - 1)) return EINVAL;
  void *memory = aligned_alloc(alignment, size);
  if (!memory) return ENOMEM;
  *to = memory;
  return 0;
}

size_t malloc_usable_size(void *memory) {
  return memory ? ((struct block *)((char *)memory - HEADER))->size - HEADER : 0;
}

/* wasi-libc's own names for them. */
void *memalign(size_t alignment, size_t size) __attribute__((alias("aligned_alloc")));
void *__libc_malloc(size_t size) __attribute__((alias("malloc")));
void *__libc_calloc(size_t count, size_t size) __attribute__((alias("calloc")));
void __libc_free(void *memory) __attribute__((alias("free")));
