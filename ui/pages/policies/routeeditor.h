// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/store/records.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QLineEdit;
class QListWidget;
class QPlainTextEdit;

namespace portreeve {

class PolicyLibrary;

/// One route: where it listens, where it leads, which policies guard it.
class RouteEditor final : public QWidget
{
    Q_OBJECT

public:
    explicit RouteEditor(const PolicyLibrary& library, QWidget* parent = nullptr);

    void setRoute(const StoredRoute& stored);
    StoredRoute route() const;
    bool isModified() const;

    /// Why it cannot be saved; empty when it can.
    QString problem() const;

    /// The library's policies changed; ticks are kept.
    void refreshPolicies();

    void focusName();

signals:
    void edited();

private:
    void showPolicies(const std::vector<QString>& chosen);
    std::vector<QString> chosenPolicies() const;

    const PolicyLibrary& m_library;
    StoredRoute m_saved;
    QLineEdit* m_name = nullptr;
    QLineEdit* m_from = nullptr;
    QPlainTextEdit* m_to = nullptr;
    QComboBox* m_matchKind = nullptr;
    QLineEdit* m_match = nullptr;
    QListWidget* m_policies = nullptr;
    QCheckBox* m_passIdentity = nullptr;
    QCheckBox* m_showErrors = nullptr;
};

} // namespace portreeve
