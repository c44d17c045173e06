// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/pages/directory/facetpanel.h"

#include "ui/theme/theme.h"
#include "ui/widgets/textlabel.h"
#include "ui/widgets/timetext.h"

#include <QCheckBox>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {
constexpr int kTitleChars = 16; // so that the count stays in view
}

FacetPanel::FacetPanel(QWidget* parent)
    : QWidget(parent)
{
    m_layout = new QVBoxLayout(this);
    m_layout->setContentsMargins(0, 0, theme::spacing(2), 0);
    m_layout->setSpacing(theme::spacing(4));
    m_layout->addStretch();
}

FacetPanel::Section& FacetPanel::section(const QString& id)
{
    const auto found = std::find_if(m_sections.begin(), m_sections.end(),
        [&](const Section& section) { return section.id == id; });
    if (found != m_sections.end()) {
        return *found;
    }
    Section made;
    made.id = id;
    made.box = new QWidget(this);
    made.layout = new QVBoxLayout(made.box);
    made.layout->setContentsMargins(0, 0, 0, 0);
    made.layout->setSpacing(theme::spacing(1));
    made.title = makeHeading({}, made.box);
    made.layout->addWidget(made.title);
    m_layout->insertWidget(static_cast<int>(m_sections.size()), made.box);
    m_sections.push_back(std::move(made));
    return m_sections.back();
}

void FacetPanel::setSection(
    const QString& id, const QString& title, const std::vector<Facet>& facets)
{
    Section& here = section(id);
    here.title->setText(title);
    const bool sameKeys
        = std::equal(facets.begin(), facets.end(), here.ticks.begin(), here.ticks.end(),
            [](const Facet& facet, const auto& tick) { return facet.key == tick.first; });
    if (!sameKeys) {
        const QSet<QString> before = ticked(id);
        for (const auto& tick : here.ticks) {
            delete tick.second;
        }
        here.ticks.clear();
        for (const Facet& facet : facets) {
            auto* box = new QCheckBox(here.box);
            box->setObjectName(QString(id + u':' + facet.key));
            box->setChecked(before.contains(facet.key));
            connect(box, &QCheckBox::toggled, this, &FacetPanel::changed);
            here.layout->addWidget(box);
            here.ticks.emplace_back(facet.key, box);
        }
    }
    for (std::size_t i = 0; i < facets.size(); ++i) {
        // An ampersand in a connection's name is no mnemonic.
        QString shown = fontMetrics().elidedText(
            facets[i].title, Qt::ElideMiddle, fontMetrics().averageCharWidth() * kTitleChars);
        here.ticks[i].second->setToolTip(facets[i].title);
        shown.replace(u"&"_s, u"&&"_s);
        here.ticks[i].second->setText(tr("%1  (%2)").arg(shown, countText(facets[i].count)));
    }
    here.box->setVisible(facets.size() > 1);
}

QSet<QString> FacetPanel::ticked(const QString& id) const
{
    QSet<QString> keys;
    for (const Section& section : m_sections) {
        for (const auto& [key, box] : section.ticks) {
            if (section.id == id && box->isChecked()) {
                keys.insert(key);
            }
        }
    }
    return keys;
}

bool FacetPanel::anyTicked() const
{
    return std::any_of(m_sections.begin(), m_sections.end(), [](const Section& section) {
        return std::any_of(section.ticks.begin(), section.ticks.end(),
            [](const auto& tick) { return tick.second->isChecked(); });
    });
}

bool FacetPanel::isEmpty() const
{
    return std::all_of(m_sections.begin(), m_sections.end(),
        [](const Section& section) { return section.box->isHidden(); });
}

void FacetPanel::clear()
{
    for (const Section& section : m_sections) {
        for (const auto& tick : section.ticks) {
            const QSignalBlocker quiet(tick.second);
            tick.second->setChecked(false);
        }
    }
    emit changed();
}

} // namespace portreeve
