// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QFrame>
#include <QPointer>

class QPushButton;

namespace portreeve {

class TextLabel;

/// Save and Discard in a bar that stays in view below the scrolled form; dead when nothing changed.
class CommitBar final : public QFrame
{
    Q_OBJECT

public:
    explicit CommitBar(QWidget* parent = nullptr);

    /// Has the focus after a button that had it was pressed and is of no use any more; else it
    /// would fall to whatever comes next.
    void setPlaceAfter(QWidget* place) { m_placeAfter = place; }

    /// The desktop's keys for saving do so anywhere in @p area, while there is something to save.
    void takeSaveKeys(QWidget* area);

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
    QPointer<QWidget> m_placeAfter;
};

} // namespace portreeve
