#pragma once
#include <unistd.h>
#include <utility>

namespace bench {

/// A file descriptor and its only owner.
class descriptor {
public:
    explicit descriptor(int number) : number_(number) {}
    descriptor(descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    descriptor& operator=(descriptor&& other) noexcept
    {
        std::swap(number_, other.number_);
        return *this;
    }
    ~descriptor()
    {
        if (number_ >= 0) close(number_);
    }

    [[nodiscard]] int get() const { return number_; }

private:
    int number_;
};

} // namespace bench
