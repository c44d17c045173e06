// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QWidget>

#include <functional>

namespace portreeve {

/// A screen of the main window. The window shows one at a time and keeps them all alive.
class Page : public QWidget
{
    Q_OBJECT

public:
    using QWidget::QWidget;

    /// Called when the page comes into view: load or refresh, never block.
    virtual void activate() { }

    /// An object to bring into view, e.g. "user:<connection id>:<id>", "run:12", "connection:<id>",
    /// "plan:<connection id>", "policy:<id>"; unknown ones are ignored.
    virtual void open(const QString& target) { Q_UNUSED(target) }

    virtual bool hasUnsavedChanges() const { return false; }

    /// What is unsaved, for the question on leaving: "Changes to “Staff”". May be empty.
    virtual QString unsavedName() const { return {}; }

    /// Saves what is unsaved and calls @p done once with whether that worked; on false the page
    /// shows why and stays.
    virtual void saveChanges(const std::function<void(bool)>& done) { done(true); }

    virtual void discardChanges() { }

    /// The page's own search or filter field, for Ctrl+F; may be null.
    virtual QWidget* searchField() const { return nullptr; }

signals:
    /// Asks the window to show another page: "directory", "changes", ... and a target in it.
    void navigationRequested(const QString& pageId, const QString& target);
    /// For the status bar and the screen reader.
    void statusMessage(const QString& text);
};

} // namespace portreeve
