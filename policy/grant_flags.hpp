#pragma once
#include "policy/grant.hpp"
#include "policy/json_members.hpp"

#include <array>

namespace policy {

/// Reads `grants` as Cartesia writes them: an object of booleans. Grants that are not known here are passed
/// over: they open nothing here.
class grant_flags {
public:
    /// A member of that object. False: one of ours that is no boolean, or is there twice.
    [[nodiscard]] bool take(json_member const& member, grant_set& out) noexcept
    {
        auto const named = read_grant(member.inner);
        if (!named) return true;
        auto& before = told_[static_cast<std::size_t>(*named)];
        if (before || member.what != json_member::form::boolean) return false;
        before = true;
        if (member.flag) out.add(*named);
        return true;
    }

private:
    std::array<bool, all_grants.size()> told_{};
};

} // namespace policy
