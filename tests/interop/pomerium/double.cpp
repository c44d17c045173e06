// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/configserviceserver.h"

#include <QCoreApplication>
#include <QFile>

using namespace Qt::StringLiterals;
using namespace portreeve;
using namespace portreeve::test;

/// A proxy of 0.33 for the scripts, as far as the double goes: configuration service and routes, no
/// databroker. SECRET_FILE SERVICE_PORT ROUTES_PORT HOST, the host of a route that is there
/// already.
int main(int argc, char** argv)
{
    const QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    constexpr int wanted = 5;
    QFile secret(arguments.value(1));
    if (arguments.size() != wanted || !secret.open(QIODevice::ReadOnly)) {
        qCritical("SECRET_FILE SERVICE_PORT ROUTES_PORT HOST");
        return 1;
    }
    const SystemClock clock;
    ConfigServiceDouble proxy(QByteArray::fromBase64(secret.readAll()), clock);
    proxy.putRoute({ { u"id"_s, u"ready"_s }, { u"name"_s, u"ready"_s },
        { u"from"_s, QString(u"https://"_s + arguments.at(4)) } });
    const ConfigServiceServer service(proxy, arguments.at(2).toUShort());
    const ConfigServiceServer routes(proxy, arguments.at(3).toUShort());
    return QCoreApplication::exec();
}
