// What this program gives back to its heap is empty: tokens and bodies pass through many texts and frames,
// and the heap hands them on as they are. Part of the program only, not of its libraries; OpenSSL wipes what
// it keeps itself.
#include <cstdlib>
#include <cstring>
#include <malloc.h>
#include <new>

// A sanitizer has its own heap, which fills what is given back and keeps it.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

// NOLINTBEGIN(cppcoreguidelines-no-malloc): this is the heap

void operator delete(void* memory, std::size_t size) noexcept
{
    if (memory) explicit_bzero(memory, size);
    std::free(memory);
}

void operator delete(void* memory) noexcept { operator delete(memory, malloc_usable_size(memory)); }

void operator delete(void* memory, std::size_t size, std::align_val_t) noexcept
{
    operator delete(memory, size);
}

void operator delete(void* memory, std::align_val_t) noexcept { operator delete(memory); }

// NOLINTEND(cppcoreguidelines-no-malloc)

#endif
