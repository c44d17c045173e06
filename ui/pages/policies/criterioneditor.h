// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/policy/targetlint.h"
#include "ui/models/groupcatalog.h"

#include <QWidget>

#include <functional>
#include <vector>

namespace portreeve {

/// What editors need from the page.
struct PolicyEnvironment
{
    std::function<GroupCatalogPtr()> groups {}; ///< may return null before the first load
    std::function<std::vector<policy::NamedTarget>()> targets {}; ///< those in use; may be missing
};

/// Edits the data of one criterion. data() is always something the proxy takes: what is not
/// complete yet stays in the editor, with a note beside it.
class CriterionEditor : public QWidget
{
    Q_OBJECT

public:
    using QWidget::QWidget;

    /// Shows @p data without emitting edited().
    virtual void setData(const policy::Value& data) = 0;
    virtual policy::Value data() const = 0;

signals:
    void edited();
};

/// The editor for a criterion's shape; a read-only one where isEditable() is false. Claims get
/// their path from the row, not from the editor.
CriterionEditor* makeCriterionEditor(
    const policy::Criterion& criterion, const PolicyEnvironment& environment, QWidget* parent);

} // namespace portreeve
