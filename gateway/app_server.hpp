#pragma once
#include "gateway/base/config.hpp"
#include "gateway/base/published.hpp"
#include "gateway/upstream/resolver.hpp"

#include <boost/asio/io_context.hpp>

#include <memory>

namespace gateway {

/// A server of the app's that the gateway calls, and where it is. For the control thread.
struct app_server {
    app_server(boost::asio::io_context& control, http_url const& url, seconds look_up_every)
        : look_up(control, {url.host, url.port, look_up_every}, where)
    {
        look_up.start();
    }

    published<upstream::addresses> where{std::make_shared<upstream::addresses>()};
    upstream::resolver look_up;
};

} // namespace gateway
