// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QObject>
#include <QStringList>

#include <memory>

class QLocalServer;
class QLocalSocket;

namespace portreeve {

/// One window per data directory: a second start hands its arguments to the first and ends.
class SingleInstance final : public QObject
{
    Q_OBJECT

public:
    explicit SingleInstance(const QString& dataDirectory, QObject* parent = nullptr);
    ~SingleInstance() override;

    /// @return true when another process took @p arguments; this one ends then
    bool handOver(const QStringList& arguments);

    /// From here on later starts are heard.
    void listen();

signals:
    void startedAgain(const QStringList& arguments);

private:
    void receive(QLocalSocket* socket);

    QString m_name;
    std::unique_ptr<QLocalServer> m_server;
};

} // namespace portreeve
