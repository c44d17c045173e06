// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QFrame>

class QPushButton;

namespace portreeve {

class TextLabel;

/// Save and Discard in a bar that stays in view below the scrolled form; dead when nothing changed.
class CommitBar final : public QFrame
{
    Q_OBJECT

public:
    explicit CommitBar(QWidget* parent = nullptr);

    void setDirty(bool dirty);
    void setBusy(bool busy); ///< while a save runs
    void setProblem(const QString& text); ///< shown beside the buttons; empty = none
    void setSaveText(const QString& text);

signals:
    void saveRequested();
    void discardRequested();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void refresh();

    bool m_dirty = false;
    bool m_busy = false;
    QString m_problem;
    TextLabel* m_state;
    QPushButton* m_discard;
    QPushButton* m_save;
};

} // namespace portreeve
