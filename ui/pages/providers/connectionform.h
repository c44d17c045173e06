// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/connectors/connector.h"
#include "ui/pages/providers/connectionwrites.h"

#include <QWidget>

namespace portreeve {

class OptionsForm;

/// Everything an administrator sets about one connection, in cards. Which cards are shown is the
/// caller's choice: the wizard leaves limits and rules at their defaults.
class ConnectionForm final : public QWidget
{
    Q_OBJECT

public:
    enum class Extent { SetUp, Everything };

    ConnectionForm(const ConnectorDescriptor& connector, Extent extent, QWidget* parent);

    /// Shows @p connection as stored and forgets what was typed.
    void setConnection(const Connection& connection);

    const Connection& connection() const { return m_connection; }

    ConnectionEdit edit() const;
    bool isDirty() const;

    /// Checks all, shows the messages. @return whether all is right
    bool check();
    QWidget* firstInvalid() const;

    /// Shows an InvalidInput error at its field. False when it belongs to no field.
    bool showError(const Error& error);

signals:
    void edited();

private:
    void addCard(const QString& title, const QString& subtitle, OptionsForm* form);
    std::vector<OptionsForm*> forms() const;

    const ConnectorDescriptor& m_connector;
    Connection m_connection;
    OptionsForm* m_identity;
    OptionsForm* m_options;
    OptionsForm* m_schedule;
    OptionsForm* m_limits = nullptr;
    OptionsForm* m_rules = nullptr;
};

} // namespace portreeve
