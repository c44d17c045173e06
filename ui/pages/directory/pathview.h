// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QFrame>
#include <QStringList>

#include <vector>

class QScrollArea;
class QVBoxLayout;

namespace portreeve {

class TextLabel;

/// One way from a person to a group as chips with arrows between; wraps at the width. Read out as
/// one sentence.
class PathLine final : public QWidget
{
    Q_OBJECT

public:
    explicit PathLine(QStringList steps, QWidget* parent = nullptr);

    bool hasHeightForWidth() const override { return true; }

    int heightForWidth(int width) const override;
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    struct Chip
    {
        QRect box;
        QString text; // elided to the width
        QPoint arrow; // before the chip; null for the first
    };

    std::vector<Chip> layOut(int width) const;

    QStringList m_steps;
};

/// Why somebody is a member: every shortest path.
class PathView final : public QWidget
{
    Q_OBJECT

public:
    explicit PathView(QWidget* parent = nullptr);

    /// @p title  "Why “Ann” is in “Sales”"; each path from the person up
    void show(const QString& title, const std::vector<QStringList>& paths);
    void clear();

    int lineCount() const;

private:
    TextLabel* m_title = nullptr;
    QScrollArea* m_scroll = nullptr;
};

} // namespace portreeve
