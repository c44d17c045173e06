// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QListWidget>

namespace portreeve {

struct AppContext;

/// The connections with state and schedule, worst state first among equals of name.
class ConnectionList final : public QListWidget
{
    Q_OBJECT

public:
    ConnectionList(const AppContext& context, QWidget* parent);

    void refresh(); ///< keeps the current connection
    QString currentId() const;
    void setCurrentId(const QString& connectionId);

private:
    const AppContext& m_context;
};

} // namespace portreeve
