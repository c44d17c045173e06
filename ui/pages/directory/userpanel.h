// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/models/appcontext.h"
#include "ui/models/directoryindex.h"

#include <QWidget>

class QCheckBox;
class QTabWidget;

namespace portreeve {

class MemberList;
class ObjectHeader;
class ObjectHistoryList;
class PathView;
class TextLabel;

/// One user: attributes, groups with the reason for each, protection, history.
class UserPanel final : public QWidget
{
    Q_OBJECT

public:
    explicit UserPanel(const AppContext& context, QWidget* parent = nullptr);

    void show(DirectoryIndexPtr index, Row user);

    MemberList* groups() const { return m_groups; }

    PathView* paths() const { return m_paths; }

signals:
    void openRequested(bool isGroup, const QString& key);
    void runRequested(std::int64_t runId);
    void statusMessage(const QString& text);
    void failed(const portreeve::Error& error);

private:
    QWidget* makeProtection();
    void explain(std::optional<Row> group);
    void setProtected(bool isProtected);

    AppContext m_context;
    DirectoryIndexPtr m_index;
    DirectoryIndex::Place m_place;
    ObjectHeader* m_header = nullptr;
    QCheckBox* m_protect = nullptr;
    QTabWidget* m_tabs = nullptr;
    MemberList* m_groups = nullptr;
    PathView* m_paths = nullptr;
    ObjectHistoryList* m_history = nullptr;
};

/// Paths from @p user to @p group as names, the person first.
std::vector<QStringList> pathNames(const ConnectionDirectory& source, Row user, Row group);

} // namespace portreeve
