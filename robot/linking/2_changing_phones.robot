*** Settings ***
Documentation       A new phone takes the place of an old one on the same profile.
...                 Polestar 2, Polestar Connect, chapter "Switching phones".
Library             ConnectHil


*** Test Cases ***
A New Phone Takes The Old One's Place
    [Documentation]    The old link has to be deleted first; from then on the old phone is not served.
    [Tags]    A-12    procedure:change-phone
    Given Every Key Is In The Car
    And The New Phone Is Ready To Be Linked By The Owner
    Then The Link Is Refused While The Profile Holds A Phone
    And The Owner's Phone Is Served
    When The Owner Deletes The Link In The App
    And The New Phone Scans The QR Code On The Display
    And The New Phone And The Display Lead Through The Steps
    Then The New Phone Is Linked As Administrator
    And The New Phone Is Served
    And The Owner's Phone Is Not Served
