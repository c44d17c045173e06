// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/widgets/progressstrip.h"

#include "ui/theme/theme.h"
#include "ui/widgets/textlabel.h"
#include "ui/widgets/timetext.h"

#include <QCoreApplication>
#include <QGridLayout>
#include <QProgressBar>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

struct PhaseText
{
    Q_DECLARE_TR_FUNCTIONS(PhaseText)
};

} // namespace

QString progressPhaseText(RunProgress::Phase phase)
{
    switch (phase) {
    case RunProgress::Phase::Connect:
        return PhaseText::tr("Connecting");
    case RunProgress::Phase::Users:
        return PhaseText::tr("Reading users");
    case RunProgress::Phase::Groups:
        return PhaseText::tr("Reading groups");
    case RunProgress::Phase::Members:
        return PhaseText::tr("Reading memberships");
    case RunProgress::Phase::Plan:
        return PhaseText::tr("Comparing");
    case RunProgress::Phase::Apply:
        return PhaseText::tr("Saving");
    }
    return {};
}

ProgressStrip::ProgressStrip(QWidget* parent)
    : QWidget(parent)
    , m_title(new TextLabel({}, this))
    , m_details(makeMutedLabel({}, this))
    , m_bar(new QProgressBar(this))
    , m_cancel(new QPushButton(tr("&Cancel"), this))
{
    setObjectName(u"progressStrip"_s);
    m_cancel->setObjectName(u"progressCancel"_s);
    m_bar->setTextVisible(false);
    m_bar->setAccessibleName(tr("Progress"));
    m_bar->setFixedHeight(theme::spacing(2));
    QSizePolicy kept = m_bar->sizePolicy();
    kept.setRetainSizeWhenHidden(true); // or the page below would jump
    m_bar->setSizePolicy(kept);
    m_details->setWordWrap(false);
    auto* layout = new QGridLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setHorizontalSpacing(theme::spacing(3));
    layout->setVerticalSpacing(theme::spacing(1));
    layout->addWidget(m_title, 0, 0);
    layout->addWidget(m_bar, 1, 0);
    layout->addWidget(m_details, 2, 0);
    layout->addWidget(m_cancel, 0, 1, 3, 1, Qt::AlignVCenter);
    layout->setColumnStretch(0, 1);
    m_tick.setInterval(std::chrono::seconds(1));
    connect(&m_tick, &QTimer::timeout, this, &ProgressStrip::refresh);
    connect(m_cancel, &QPushButton::clicked, this, [this] {
        m_cancel->setEnabled(false);
        m_cancel->setText(tr("Cancelling…"));
        emit cancelRequested();
    });
    hide();
}

void ProgressStrip::start(const QString& title)
{
    m_title->setText(title);
    m_progress = {};
    m_phase = progressPhaseText(m_progress.phase);
    m_elapsed.start();
    m_phaseElapsed.start();
    m_cancel->setEnabled(true);
    m_cancel->setText(tr("&Cancel"));
    m_tick.start();
    refresh();
    show();
}

void ProgressStrip::setProgress(const RunProgress& progress)
{
    setProgress(progressPhaseText(progress.phase), progress);
}

void ProgressStrip::setProgress(const QString& phase, const RunProgress& progress)
{
    if (phase != m_phase) {
        m_phaseElapsed.start();
    }
    m_phase = phase;
    m_progress = progress;
    refresh();
}

void ProgressStrip::finish()
{
    m_tick.stop();
    m_elapsed.invalidate();
    hide();
}

void ProgressStrip::refresh()
{
    const bool known = m_progress.total > 0;
    constexpr int steps = 1000; // of the bar: totals may pass what an int holds
    // A busy bar of this height looks like a full one.
    m_bar->setVisible(known);
    if (known) {
        m_bar->setRange(0, steps);
        m_bar->setValue(static_cast<int>(m_progress.done * steps / m_progress.total));
    }
    QStringList parts { m_phase };
    if (known) {
        parts << tr("%1 of %2").arg(countText(m_progress.done), countText(m_progress.total));
    } else if (m_progress.done > 0) {
        parts << countText(m_progress.done);
    }
    constexpr qint64 trustworthyMs = 2000; // a rate over less jumps about
    const qint64 phaseMs = m_phaseElapsed.isValid() ? m_phaseElapsed.elapsed() : 0;
    if (phaseMs > trustworthyMs && m_progress.done > 0) {
        parts << tr("%1 a second").arg(countText(m_progress.done * 1000 / phaseMs));
    }
    if (!m_progress.waitingFor.isEmpty()) {
        parts << m_progress.waitingFor;
    }
    if (m_elapsed.isValid()) {
        parts << durationText(std::chrono::milliseconds(m_elapsed.elapsed()));
    }
    m_details->setText(parts.join(u" · "_s));
    m_bar->setAccessibleDescription(m_details->text());
}

} // namespace portreeve
