// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/contract/httpfixture.h"

#include "core/export/bundle.h"
#include "tests/support/fakekeycloak.h"

#include <memory>

using namespace Qt::StringLiterals;

namespace portreeve::test {

namespace {
constexpr int kUsers = 260;

HttpFixture keycloak()
{
    return { .connectorId = u"keycloak"_s,
        .options = { { u"url"_s, u"https://id.example.org"_s }, { u"realm"_s, u"company"_s },
            { u"client_id"_s, u"directory-sync"_s }, { u"page_size"_s, u"100"_s } },
        .secrets = { { u"client_secret"_s, u"planted-secret-value"_s } },
        .makeServer =
            [] {
                auto server = std::make_shared<FakeKeycloak>();
                for (int i = 0; i < kUsers; ++i) {
                    server->addUser(u"user-%1"_s.arg(i));
                }
                server->addGroup(u"wide"_s, {}, { u"user-0"_s, u"user-259"_s });
                return [server](const HttpRequest& request) { return server->answer(request); };
            },
        .dataPath = u"/admin/realms/company/users"_s,
        .users = kUsers,
        .renewsToken = true,
        .hasPages = true,
        .wrongShape = "{\"users\":[]}" };
}

HttpFixture blob()
{
    return { .connectorId = u"blob"_s,
        .options = { { u"source"_s, u"https://files.example.org/bundle.zip"_s },
            { u"header_name"_s, u"Authorization"_s } },
        .secrets = { { u"header_value"_s, u"planted-secret-value"_s } },
        .makeServer =
            [] {
                Bundle bundle;
                for (int i = 0; i < kUsers; ++i) {
                    bundle.users.push_back({ .id = u"user-%1"_s.arg(i) });
                }
                const QByteArray bytes = writeBundle(std::move(bundle))->bytes;
                return [bytes](const HttpRequest&) -> std::optional<FakeReply> {
                    return FakeReply { .body = bytes };
                };
            },
        .dataPath = u"/bundle.zip"_s,
        .users = kUsers,
        .wrongShape = "{}" };
}
} // namespace

const std::vector<HttpFixture>& httpFixtures()
{
    static const std::vector<HttpFixture> all { keycloak(), blob() };
    return all;
}

} // namespace portreeve::test
