// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/models/appcontext.h"

#include <QWidget>

class QPushButton;

namespace portreeve {

class Card;
class MessageBar;

/// What the window shows before there is any connection: a real directory, or a made-up one of
/// three sizes to try everything on.
class FirstRunPanel final : public QWidget
{
    Q_OBJECT

public:
    FirstRunPanel(const AppContext& context, QWidget* parent);

    /// Adds a made-up directory of @p users people and reads it.
    void addSample(int users);

signals:
    void providerRequested();

private:
    Card* makeProviderCard();
    Card* makeSampleCard();

    AppContext m_context;
    MessageBar* m_message;
    QList<QPushButton*> m_samples;
};

} // namespace portreeve
