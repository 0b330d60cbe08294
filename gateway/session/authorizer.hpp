#pragma once
#include "certs/secret.hpp"
#include "gateway/base/config.hpp"
#include "gateway/session/endpoints.hpp"
#include "gateway/upstream/fetch.hpp"
#include "gateway/upstream/notice.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>
#include <string>

namespace gateway::session {

/// What an answer of the app's backend says. Its words never reach a client: `flaw` tells the operator in
/// ours what is wrong with it.
[[nodiscard]] app_answer read_app_answer(upstream::fetched const& got, std::string& flaw);

struct authorizer_options {
    std::function<void(bool answered)> asked; ///< after each call, on the control thread
    upstream::line_sink tell = upstream::write_to_stderr;
};

/// Asks the app's backend who a user is, on the control thread. Nothing is kept: each question is a call of
/// its own.
class authorizer {
public:
    /// `where` must outlive the object. Throws `std::runtime_error` when the file of trusted certificates
    /// does not load.
    authorizer(
        boost::asio::io_context& control,
        authorize_config const& app,
        published<upstream::addresses> const& where,
        authorizer_options options = {});
    ~authorizer(); ///< on the control thread, or when it does not run
    authorizer(authorizer const&) = delete;
    authorizer& operator=(authorizer const&) = delete;

    /// Sends `question` (app_question.hpp); `then` is called once, on the control thread, within the
    /// deadline. False: `authorize_in_flight_max` calls are under way, and `then` is never called. From any
    /// thread.
    [[nodiscard]] bool ask(certs::secret question, std::function<void(app_answer)> then);

private:
    struct state;
    std::shared_ptr<state> state_;
};

} // namespace gateway::session
