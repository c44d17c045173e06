// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QSet>
#include <QWidget>

#include <vector>

class QCheckBox;
class QVBoxLayout;

namespace portreeve {

class TextLabel;

/// Ticks with live counts, in headed sections: nothing ticked in a section means everything.
class FacetPanel final : public QWidget
{
    Q_OBJECT

public:
    struct Facet
    {
        QString key {};
        QString title {};
        std::int64_t count = 0;
    };

    explicit FacetPanel(QWidget* parent = nullptr);

    /// Makes or refreshes a section; ticks stay with their keys. A section of fewer than two
    /// facets is hidden.
    void setSection(const QString& section, const QString& title, const std::vector<Facet>& facets);

    /// Keys ticked in @p section.
    QSet<QString> ticked(const QString& section) const;

    bool anyTicked() const;
    bool isEmpty() const; ///< no section is shown
    void clear();

signals:
    void changed();

private:
    struct Section
    {
        QString id;
        TextLabel* title = nullptr;
        QVBoxLayout* layout = nullptr;
        QWidget* box = nullptr;
        std::vector<std::pair<QString, QCheckBox*>> ticks;
    };

    Section& section(const QString& id);

    QVBoxLayout* m_layout = nullptr;
    std::vector<Section> m_sections;
};

} // namespace portreeve
