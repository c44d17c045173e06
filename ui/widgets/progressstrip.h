// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/connectors/connector.h"

#include <QElapsedTimer>
#include <QTimer>
#include <QWidget>

class QProgressBar;
class QPushButton;

namespace portreeve {

class TextLabel;

/// "Reading users": the phase in words.
QString progressPhaseText(RunProgress::Phase phase);

/// Phase, count of total, rate, what is waited for, elapsed time, and Cancel.
class ProgressStrip final : public QWidget
{
    Q_OBJECT

public:
    explicit ProgressStrip(QWidget* parent = nullptr);

    void start(const QString& title); ///< shows the strip, starts the clock
    void setProgress(const RunProgress& progress);

    /// The same for work with other phases.
    void setProgress(const QString& phase, const RunProgress& progress);
    void finish(); ///< hides it

    bool isActive() const { return m_elapsed.isValid(); }

signals:
    void cancelRequested();

private:
    void refresh();

    QElapsedTimer m_elapsed;
    QElapsedTimer m_phaseElapsed;
    QTimer m_tick;
    QString m_phase;
    RunProgress m_progress;
    TextLabel* m_title;
    TextLabel* m_details;
    QProgressBar* m_bar;
    QPushButton* m_cancel;
};

} // namespace portreeve
