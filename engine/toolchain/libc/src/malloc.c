/*
 * Memory in blocks of fixed sizes: eight sizes per power of two, a list of free blocks for each. Both directions take
 * about twenty instructions whatever happened before. Blocks are never joined or split: a program that frees many
 * small blocks and then asks for large ones uses more memory than it must. Sixteen bytes before a block hold its
 * size; blocks are aligned to 16.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define HEADER 16
#define PAGE 65536u

struct block {
  unsigned size; /* whole block with header */
  struct block *next;
};

extern char __heap_base[];
static struct block *free_blocks[28 * 8];
static uintptr_t top;      /* first byte never used so far; 0: not started */
static uintptr_t mapped;   /* end of memory */

void *malloc(size_t size) {
  if (size > 0x70000000) return NULL;
  unsigned total = size + HEADER;
  if (total < 2 * HEADER) total = 2 * HEADER;
  int shift = 28 - __builtin_clz(total);
  if (shift < 4) shift = 4;
  unsigned eighths = ((total - 1) >> shift) + 1;
  total = eighths << shift;
  struct block **list = &free_blocks[shift * 8 + eighths - 8];
  struct block *block = *list;
  if (block) {
    *list = block->next;
    return (char *)block + HEADER;
  }
  if (!top) {
    top = ((uintptr_t)__heap_base + 15) & -16u;
    mapped = __builtin_wasm_memory_size(0) * PAGE;
  }
  if (total > mapped - top) {
    unsigned pages = (total - (mapped - top) + PAGE - 1) / PAGE;
    if (__builtin_wasm_memory_grow(0, pages) == (size_t)-1) return NULL;
    mapped += pages * PAGE;
  }
  block = (struct block *)top;
  top += total;
  block->size = total;
  return (char *)block + HEADER;
}

void free(void *memory) {
  if (!memory) return;
  struct block *block = (struct block *)((char *)memory - HEADER);
  unsigned total = block->size;
  int shift = 28 - __builtin_clz(total);
  if (shift < 4) shift = 4;
  struct block **list = &free_blocks[shift * 8 + (total >> shift) - 8];
  block->next = *list;
  *list = block;
}

void *calloc(size_t count, size_t size) {
  if (size && count > 0x70000000 / size) return NULL;
  uintptr_t fresh = top;
  void *memory = malloc(count * size);
  /* What was never used is zero already. */
  if (memory && (uintptr_t)memory < fresh) memset(memory, 0, count * size);
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

void *aligned_alloc(size_t alignment, size_t size) { return alignment <= 16 ? malloc(size) : NULL; }
